using Spiffe.Agent.Tests.Architecture.House;
using Spiffe.Agent.Tests.Architecture.Rooms;

namespace Spiffe.Agent.Tests.Architecture.Walls;

/// <summary>What the walls between the rooms guarantee, read from the compiled code.</summary>
public sealed class WallTests
{
    private static readonly string[] KeyTypes =
    [
        "System.Security.Cryptography.ECDsa", "System.Security.Cryptography.RSA", "System.Security.Cryptography.ECAlgorithm",
        "System.Security.Cryptography.ECDiffieHellman", "System.Security.Cryptography.DSA", "System.Security.Cryptography.ECDsaOpenSsl",
        "System.Security.Cryptography.RSAOpenSsl", "System.Security.Cryptography.RSACryptoServiceProvider",
    ];

    public static TheoryData<string> RoomsWithoutKeys => Except("Authority", "Identity");

    public static TheoryData<string> RoomsThatDoNotSign => Except("Authority");

    public static TheoryData<string> RoomsBlindToProc => Except("Attestation", "Residue", "Agent");

    public static TheoryData<string> RoomsThatStartNothing => Except("Residue");

    [Theory]
    [MemberData(nameof(RoomsWithoutKeys))]
    public void Keys_are_made_in_Authority_and_read_in_Identity_alone(string room) =>
        Offenders.None(new RoomAssembly(room).ForeignMembers().Where(m => IsOfKeyType(m) && (m.Contains("::Create(", StringComparison.Ordinal)
            || m.Contains("::GenerateKey(", StringComparison.Ordinal) || m.Contains("::.ctor(", StringComparison.Ordinal) || m.Contains("::Import", StringComparison.Ordinal))));

    [Fact]
    public void Identity_reads_keys_and_generates_none() =>
        Offenders.None(new RoomAssembly("Identity").ForeignMembers().Where(m => IsOfKeyType(m) && (m.EndsWith("::Create(ECCurve)", StringComparison.Ordinal)
            || m.EndsWith("::Create(Int32)", StringComparison.Ordinal) || m.Contains("::GenerateKey(", StringComparison.Ordinal))));

    [Theory]
    [MemberData(nameof(RoomsThatDoNotSign))]
    public void Only_Authority_signs(string room) =>
        Offenders.None(new RoomAssembly(room).ForeignMembers().Where(m =>
            (IsOfKeyType(m) && (m.Contains("::Sign", StringComparison.Ordinal) || m.Contains("::TrySign", StringComparison.Ordinal)))
            || m.Contains(".CertificateRequest::Create", StringComparison.Ordinal)));

    [Theory]
    [MemberData(nameof(RoomsBlindToProc))]
    public void Only_Attestation_reads_proc_for_evidence_and_Residue_for_what_was_left_there(string room) => Assert.False(new RoomAssembly(room).Mentions("/proc/"), $"{room} has a text with /proc/ in it");

    [Theory]
    [MemberData(nameof(RoomsThatStartNothing))]
    public void The_daemon_runs_no_shell(string room) =>
        Offenders.None(new RoomAssembly(room).ForeignMembers().Where(m => m.StartsWith("System.Diagnostics.Process::Start(", StringComparison.Ordinal)));

    [Fact]
    public void What_Residue_starts_is_named_in_it_and_is_no_shell()
    {
        RoomAssembly residue = new("Residue");

        Assert.All(["journalctl", "zstd", "xz", "lz4", "bzip2"], program => Assert.True(residue.Mentions(program), program));
        Assert.All(["/bin/sh", "bash", "UseShellExecute = true"], shell => Assert.False(residue.Mentions(shell), shell));
    }

    [Fact]
    public void The_reader_of_assemblies_sees_what_is_there()
    {
        // Guards the tests above: a reader that saw nothing would pass them all.
        RoomAssembly registration = new("Registration");

        Assert.Contains("System.Security.Cryptography.SHA256::HashData(Byte[])", registration.ForeignMembers());
        Assert.True(registration.Mentions("paths under /agent are reserved"));
        Assert.False(registration.Mentions("a text that is nowhere"));
    }

    private static bool IsOfKeyType(string member) => KeyTypes.Any(type => member.StartsWith(type + "::", StringComparison.Ordinal));

    private static TheoryData<string> Except(params string[] rooms) =>
        [.. RoomTable.Built.Select(room => room.Name).Where(name => !rooms.Contains(name, StringComparer.Ordinal))];
}
