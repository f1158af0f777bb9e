# dev      run the daemon with an embedded authority, no configuration, as yourself
# test     build everything, run every test this machine can run (as root on Debian: installs what they need)
# check    formatting, then test (analyzers and code style are part of every build)
# e2e-kubernetes   the tests that need a Kubernetes node, which is built first (root on Debian 12, some ten minutes)
# bench    measure the published daemon beside its floors
# publish  one self-contained file: artifacts/spiffe-agent
.PHONY: dev test check e2e-kubernetes bench publish package build clean

dev:
	@eng/dev

build:
	dotnet build Spiffe.Agent.sln -c Release -v quiet -nologo

test:
	@eng/test

check:
	dotnet format whitespace . --folder --verify-no-changes --exclude artifacts
	@eng/test

e2e-kubernetes:
	@eng/e2e-kubernetes

bench: publish
	@eng/bench

publish:
	@eng/publish

clean:
	rm -rf artifacts
