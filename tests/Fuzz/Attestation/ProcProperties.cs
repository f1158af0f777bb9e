using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Spiffe.Agent.Attestation.Proc;
using Spiffe.Agent.Rpc.Transport;

namespace Spiffe.Agent.Tests.Fuzz.Attestation;

/// <summary>Parsers of what processes and peers may shape: no input throws, and what a process chooses never moves a field.</summary>
public sealed class ProcProperties
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(2000);

    [Fact]
    public void No_bytes_make_a_parser_throw() =>
        Check.One(Many, Prop.ForAll<byte[]>(bytes =>
        {
            bytes ??= [];
            bool stat = ProcessStat.TryParse(bytes, out ProcessStat line);
            bool status = ProcessStatus.TryParse(bytes, out ProcessStatus text);
            return (!stat || line.ProcessId > 0) && (!status || text.ProcessId > 0) && SegmentReader.WriterOf(bytes) >= 0;
        }));

    [Fact]
    public void No_name_moves_a_field_of_stat() =>
        Check.One(Many, Prop.ForAll<byte[]>(name =>
        {
            byte[] line = [.. "321 ("u8, .. name ?? [], .. ") S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 42 20\n"u8];
            return ProcessStat.TryParse(line, out ProcessStat stat) && stat == new ProcessStat(321, (byte)'S', 42);
        }));

    [Fact]
    public void Mutated_status_never_throws_and_keeps_groups_inside()
    {
        byte[] good = "Name:\tx\nState:\tS\nTgid:\t77\nPid:\t77\nUid:\t1\t1\t1\t1\nGid:\t5\t6\t7\t8\nGroups:\t4 24 27 \n"u8.ToArray();
        Check.One(Many, Prop.ForAll<int, byte>((at, value) =>
        {
            byte[] text = (byte[])good.Clone();
            text[(at & int.MaxValue) % text.Length] = value;
            return !ProcessStatus.TryParse(text, out ProcessStatus status) || text.AsSpan(status.Groups).Length <= text.Length;
        }));
    }

    [Fact]
    public void Endpoint_that_is_read_is_absolute_and_reads_again() =>
        Check.One(Many, Prop.ForAll<string>(text =>
            !EndpointUri.TryParse("unix:///" + text, out EndpointUri? uri, out _)
            || (uri.Path[0] == '/' && Encoding.UTF8.GetByteCount(uri.Path) <= UnixSocketOptions.MaxPathLength
                && EndpointUri.TryParse(uri.ToString(), out EndpointUri? again, out _) && again.Path == uri.Path)));
}
