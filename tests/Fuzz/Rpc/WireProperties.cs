using System.Buffers;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Spiffe.Agent.Rpc;
using Spiffe.Agent.Rpc.Wire;

namespace Spiffe.Agent.Tests.Fuzz.Rpc;

/// <summary>What holds of gRPC's codings for any input.</summary>
public sealed class WireProperties
{
    private const int MaxLength = 64;

    [Fact]
    public void Messages_are_read_the_same_however_the_bytes_are_split() =>
        Prop.ForAll<byte[][], int[]>((messages, cuts) =>
        {
            byte[][] fitting = [.. messages.Select(m => m ?? []).Where(m => m.Length <= MaxLength)];
            byte[] wire = [.. fitting.SelectMany(m => EncodedMessage.FromBlock((byte[])[0, 0, 0, 0, 0, .. m]).Frame.ToArray())];
            return Read(Split(wire, cuts)).SequenceEqual(fitting.Select(Convert.ToHexString));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Frame_reader_answers_the_same_for_garbage_however_it_is_split() =>
        Prop.ForAll<byte[], int[]>((garbage, cuts) => Read(new ReadOnlySequence<byte>(garbage)).SequenceEqual(Read(Split(garbage, cuts)))).QuickCheckThrowOnFailure();

    [Fact]
    public void Percent_encoding_is_printable_ascii_and_comes_back() =>
        Prop.ForAll<string>(text =>
        {
            string wellFormed = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text ?? ""));
            string coded = PercentEncoding.Encode(wellFormed);
            return !coded.AsSpan().ContainsAnyExceptInRange(' ', '~') && PercentEncoding.Decode(coded) == wellFormed;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Percent_decoding_never_throws() => Prop.ForAll<string>(text => PercentEncoding.Decode("%" + text) is not null).QuickCheckThrowOnFailure();

    [Fact]
    public void Timeout_comes_back_never_shorter_and_at_most_one_percent_longer() =>
        Prop.ForAll<long>(ticks =>
        {
            TimeSpan timeout = TimeSpan.FromTicks(Math.Abs(ticks % GrpcTimeout.Longest.Ticks));
            return GrpcTimeout.TryParse(GrpcTimeout.Format(timeout), out TimeSpan read) && read >= timeout && read.Ticks <= timeout.Ticks + (timeout.Ticks / 100);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Timeout_parser_never_throws_and_takes_nothing_negative() =>
        Prop.ForAll<string>(text => !GrpcTimeout.TryParse(text ?? "", out TimeSpan timeout) || timeout >= TimeSpan.Zero).QuickCheckThrowOnFailure();

    [Fact]
    public void Binary_value_comes_back() =>
        Prop.ForAll<byte[]>(value => BinaryValue.TryDecode(BinaryValue.Encode(value), out byte[] read) && read.SequenceEqual(value)).QuickCheckThrowOnFailure();

    [Fact]
    public void Header_of_any_text_is_read_or_refused_and_what_is_read_can_be_sent() =>
        Prop.ForAll<string, string>((name, value) =>
        {
            Metadata metadata = new();
            foreach (string key in (string[])[name ?? "", (name ?? "") + "-bin"])
            {
                _ = HeaderMetadata.TryAdd(metadata, key, value ?? "");
            }

            return metadata.All(entry => !HeaderMetadata.HeaderValue(entry).AsSpan().ContainsAnyExceptInRange(' ', '~'));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Gzip_of_garbage_is_refused_and_never_longer_than_allowed() =>
        Prop.ForAll<byte[]>(garbage =>
        {
            try
            {
                return Gzip.Unpack(new ReadOnlySequence<byte>([0x1f, 0x8b, 8, 0, .. garbage]), MaxLength) is not { Length: > MaxLength };
            }
            catch (InvalidDataException)
            {
                return true;
            }
        }).QuickCheckThrowOnFailure();

    // Everything that can be read, then what stopped it.
    private static List<string> Read(ReadOnlySequence<byte> buffer)
    {
        List<string> read = [];
        FrameFault fault;
        while (FrameReader.TryRead(ref buffer, MaxLength, out ReadOnlySequence<byte> message, out bool compressed, out _, out fault))
        {
            read.Add((compressed ? "z" : "") + Convert.ToHexString(message.ToArray()));
        }

        if (fault != FrameFault.None) read.Add(fault.ToString());
        return read;
    }

    private static ReadOnlySequence<byte> Split(byte[] bytes, int[] cuts)
    {
        int[] places = [.. cuts.Select(c => (int)(Math.Abs((long)c) % (bytes.Length + 1))).Append(0).Append(bytes.Length).Order()];
        Segment first = new(bytes.AsMemory(0, 0), 0), last = first;
        for (int i = 1; i < places.Length; i++) last = last.Append(bytes.AsMemory(places[i - 1], places[i] - places[i - 1]));
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long index)
        {
            Memory = memory;
            RunningIndex = index;
        }

        public Segment Append(ReadOnlyMemory<byte> memory)
        {
            Segment next = new(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
