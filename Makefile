# The commands of the house. Each makes what it needs first (tools/bootstrap.py); settings come from the environment.
.PHONY: run test lint bench corpus messages

run:       ## start the product on http://localhost:8000 (PORT, STUDIO_DATA_DIR, ... from the environment)
	@sh tools/python.sh tools/bootstrap.py run

test:      ## the whole suite, set-up included; CI=true makes a missing browser or database a failure
	@sh tools/python.sh tools/bootstrap.py test $(ARGS)

lint:      ## ruff, types and templates
	@sh tools/python.sh tools/bootstrap.py lint

bench:     ## the benchmarks of bench/
	@sh tools/python.sh tools/bootstrap.py bench $(ARGS)

corpus:    ## what becomes of 2,600 real documents; writes docs/corpus.md
	@sh tools/python.sh tools/bootstrap.py corpus $(ARGS)

messages:  ## collect and compile translations
	@sh tools/python.sh tools/bootstrap.py messages
