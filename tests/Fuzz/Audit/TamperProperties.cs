using FsCheck;
using FsCheck.Fluent;
using Spiffe.Agent.Audit.Verification;
using Spiffe.Agent.Tests.Unit.Audit.Verification;

namespace Spiffe.Agent.Tests.Fuzz.Audit;

/// <summary>Whatever is done to a file of a log, it is found; whatever a file holds, verifying ends.</summary>
public sealed class TamperProperties : IDisposable
{
    private readonly MadeLog _log = MadeLog.Of(305);
    private readonly Dictionary<string, byte[]> _files;

    public TamperProperties() =>
        _files = Directory.EnumerateFiles(_log.Folder, "*", SearchOption.AllDirectories).ToDictionary(path => path[(_log.Folder.Length + 1)..], File.ReadAllBytes, StringComparer.Ordinal);

    public void Dispose() => _log.Dispose();

    // Small files as often as large ones: not by bytes.
    private Gen<(string Path, byte[] Bytes)> Changed =>
        from path in Gen.Elements(_files.Keys.Order(StringComparer.Ordinal).ToArray())
        from at in Gen.Choose(0, _files[path].Length - 1)
        from length in Gen.Choose(1, 8)
        from value in Gen.Choose(1, 255)
        from how in Gen.Choose(0, 2)
        select (path, Change(_files[path], at, length, (byte)value, how));

    [Fact]
    public void Any_bytes_changed_left_out_or_put_in_are_found_in_whatever_file() =>
        Prop.ForAll(Changed.Where(changed => !changed.Bytes.AsSpan().SequenceEqual(_files[changed.Path])).ToArbitrary(), changed =>
        {
            File.WriteAllBytes(_log.PathOf(changed.Path), changed.Bytes);
            VerificationReport report = Verify();
            File.WriteAllBytes(_log.PathOf(changed.Path), _files[changed.Path]);

            // Of the end of the history that was not written to its end a remark is made: a crash does that.
            Assert.True(!report.IsIntact || (changed.Path == "checkpoints" && report.Remarks.Any(remark => remark.Kind == FindingKind.HistoryTorn)), changed.Path);
            Assert.All(report.Faults, fault => Assert.NotEmpty(fault.Message));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(800));

    [Fact]
    public void The_log_itself_is_intact() => Assert.True(Verify().IsIntact);

    [Fact]
    public void Any_file_full_of_anything_ends_in_findings() =>
        Prop.ForAll(Gen.Elements(_files.Keys.Order(StringComparer.Ordinal).ToArray()).ToArbitrary(), Gen.Choose(0, 255).Select(b => (byte)b).ArrayOf().ToArbitrary(), (path, bytes) =>
        {
            File.WriteAllBytes(_log.PathOf(path), bytes);
            VerificationReport report = Verify();
            File.WriteAllBytes(_log.PathOf(path), _files[path]);

            Assert.True(!report.IsIntact || path == "checkpoints");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    private VerificationReport Verify() => new DirectoryVerifier(_log.Folder, LogPolicy.Of(_log.Key)).VerifyAsync(CancellationToken.None).GetAwaiter().GetResult();

    private static byte[] Change(byte[] bytes, int at, int length, byte value, int how)
    {
        int end = Math.Min(bytes.Length, at + length);
        return how switch
        {
            0 => [.. bytes[..at], (byte)(bytes[at] ^ value), .. bytes[(at + 1)..]],
            1 => [.. bytes[..at], .. bytes[end..]],
            _ => [.. bytes[..at], .. Enumerable.Repeat(value, length), .. bytes[at..]],
        };
    }
}
