using System.Runtime.Versioning;
using Spiffe.Agent.Configuration;
using Spiffe.Agent.Tests.TestKit.Requirements;

namespace Spiffe.Agent.Tests.Unit.Configuration;

[SupportedOSPlatform("linux")]
public sealed class FileTests : IDisposable
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string _folder = Directory.CreateTempSubdirectory("spiffe-configuration-").FullName;

    private string File => Path.Combine(_folder, "agent.yaml");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_good_file_is_read()
    {
        System.IO.File.WriteAllText(File, "trust_domain: example.org\n");

        Assert.Empty(ConfigurationLoader.Load(File).Faults);
    }

    [Fact]
    public void A_file_that_is_not_there_is_a_fault() => Assert.Contains("does not exist", Problem(), StringComparison.Ordinal);

    [Fact]
    public void A_directory_is_a_fault()
    {
        Directory.CreateDirectory(File);

        Assert.Contains("is a directory", Problem(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_without_an_end_is_a_fault() => Assert.Contains("not a regular file", ConfigurationLoader.Load("/dev/zero").Faults[0].Problem, StringComparison.Ordinal);

    [Fact]
    public void A_file_of_more_than_64_MiB_is_a_fault()
    {
        using (FileStream sparse = System.IO.File.Create(File)) sparse.SetLength(ConfigurationLoader.MaxFileBytes + 1);

        Assert.Contains("is larger than 64 MiB", Problem(), StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_no_UTF8_are_a_fault_at_their_place()
    {
        System.IO.File.WriteAllBytes(File, [.. "a: b\nc: "u8, 0xff, 0xfe]);

        ConfigurationFault fault = Assert.Single(ConfigurationLoader.Load(File).Faults);
        Assert.Equal((2, 4), (fault.Line, fault.Column));
        Assert.Contains("is not UTF-8", fault.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_byte_order_mark_is_no_fault()
    {
        System.IO.File.WriteAllBytes(File, [0xef, 0xbb, 0xbf, .. "trust_domain: example.org"u8]);

        Assert.Empty(ConfigurationLoader.Load(File).Faults);
    }

    [RequiresRootFact]
    public void Root_reads_no_file_that_others_may_write()
    {
        System.IO.File.WriteAllText(File, "trust_domain: example.org\n");
        System.IO.File.SetUnixFileMode(File, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherWrite);

        Assert.Contains($"who may write {File}", Problem(), StringComparison.Ordinal);
    }

    [RequiresRootFact]
    public void Root_reads_no_file_in_a_directory_that_others_may_write()
    {
        System.IO.File.WriteAllText(File, "trust_domain: example.org\n");
        System.IO.File.SetUnixFileMode(_folder, Private | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute);

        Assert.Contains($"who may write {_folder}", Problem(), StringComparison.Ordinal);
    }

    [RequiresRootFact]
    public void Root_follows_no_link_over_a_directory_that_others_may_write()
    {
        string open = Directory.CreateDirectory(Path.Combine(_folder, "open")).FullName;
        string real = Path.Combine(_folder, "real.yaml");
        System.IO.File.WriteAllText(real, "trust_domain: example.org\n");
        System.IO.File.CreateSymbolicLink(Path.Combine(open, "agent.yaml"), real);
        System.IO.File.CreateSymbolicLink(File, "open/agent.yaml");
        Assert.Empty(ConfigurationLoader.Load(File).Faults);

        System.IO.File.SetUnixFileMode(open, Private | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute);

        Assert.Contains($"who may write {open}", Problem(), StringComparison.Ordinal);
    }

    private string Problem()
    {
        LoadedConfiguration loaded = ConfigurationLoader.Load(File);
        Assert.Null(loaded.Options);
        return Assert.Single(loaded.Faults).Problem;
    }
}
