-- with postings members relations
-- The relation of one document to those before it, as a commit finds it. ARGV[3] document (24 hex digits), ARGV[4] its sketch.
return relate(ARGV[3], ARGV[4])
