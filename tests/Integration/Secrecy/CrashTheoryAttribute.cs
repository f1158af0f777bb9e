using Spiffe.Agent.Tests.TestKit.Requirements;

namespace Spiffe.Agent.Tests.Integration.Secrecy;

/// <summary>Needs root, and a machine on which an ordinary program that crashes leaves a core dump: elsewhere none would prove nothing.</summary>
public sealed class CrashTheoryAttribute : TheoryAttribute
{
    private const string OrdinaryCrash = """
        folder=$(mktemp -d) && cd "$folder" && ulimit -c unlimited
        said=$(bash -c 'bash -c "kill -SEGV \$\$"; :' 2>&1)
        cd / && rm -rf "$folder"
        case $said in *'core dumped'*) ;; *) exit 1 ;; esac
        """;

    public CrashTheoryAttribute() =>
        Skip = Requirement.All(Requirement.Root(), Requirement.Program("bash"), Requirement.Command("an ordinary crash leaves no core dump here", "bash", "-c", OrdinaryCrash));
}
