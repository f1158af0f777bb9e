using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Spiffe.Agent.Attestation.Attestors.Systemd;
using Spiffe.Agent.Attestation.DBus;
using Spiffe.Agent.Tests.Fuzz.Identity;

namespace Spiffe.Agent.Tests.Fuzz.Attestation;

/// <summary>What comes from the bus: no bytes throw, nothing is read beyond the end, and what is written is read again.</summary>
public sealed class DBusProperties
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(3000);

    /// <summary>An answer with every field that is used, one of a later version, and a body of nested types.</summary>
    private static readonly byte[] Good = Answer();

    [Fact]
    public void No_bytes_make_the_reader_throw_or_leave_its_bytes() =>
        Check.One(Many, Prop.ForAll<byte[], string>((bytes, signature) =>
        {
            bytes ??= [];
            _ = MessagePrefix.TryParse(bytes, out MessagePrefix prefix) && Reply.TryParse(bytes, prefix, out _);
            byte[] type = Encoding.Latin1.GetBytes(signature ?? "");
            MessageReader reader = new(bytes, false);
            if (TypeSignature.IsValid(type)) _ = type.Length > 0 && reader.TrySkip(type);
            return reader.At <= bytes.Length;
        }));

    [Fact]
    public void Answer_that_this_starts_from_is_good() => Assert.NotNull(Parse(Good));

    [Fact]
    public void Changed_answers_never_throw_and_never_grow() =>
        Check.One(Many, Prop.ForAll(Mutations.Changed(Good), bytes =>
        {
            if (Parse(bytes) is not { } reply) return true;
            foreach (Func<object> read in (Func<object>[])[reply.ReadString, reply.ReadObjectPath, () => reply.ReadUInt32(), reply.ReadVariantString, reply.ReadVariantBytes, () => reply.ReadPathStringBytes()])
            {
                try
                {
                    _ = read();
                }
                catch (DBusException refused) when (refused.Fault == DBusFault.Malformed)
                {
                    continue;
                }
            }

            return reply.Body.Length <= bytes.Length && reply.Sender.Length <= bytes.Length;
        }));

    [Fact]
    public void Values_of_any_type_are_skipped_within_their_bytes() =>
        Check.One(Many, Prop.ForAll(Mutations.Joined("a", "{", "}", "(", ")", "s", "v", "y", "u", "x", "o", "g", "a{sv}", "(su)"), Mutations.Changed(Good), (signature, bytes) =>
        {
            byte[] types = Encoding.Latin1.GetBytes(signature);
            ReadOnlySpan<byte> rest = types;
            MessageReader reader = new(bytes, false);
            while (TypeSignature.TryTakeOne(ref rest, out ReadOnlySpan<byte> one, TypeSignature.MaxDepth) && reader.TrySkip(one))
            {
            }

            return reader.At <= bytes.Length;
        }));

    [Fact]
    public void What_is_written_is_read_again() =>
        Check.One(Many, Prop.ForAll<string, uint, byte[]>((text, number, bytes) =>
        {
            // Strings of D-Bus hold no NUL, and UTF-8 no half surrogates.
            text = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes((text ?? "").Replace("\0", "", StringComparison.Ordinal)));
            bytes ??= [];
            MessageWriter writer = new();
            writer.Byte(1).String(text).UInt32(number).Signature("a{sv}").UInt32((uint)bytes.Length).Bytes(bytes);
            MessageReader reader = new(writer.Written, false);
            return reader.TryByte(out byte one) && one == 1 && reader.TryString(out string read) && read == text && reader.TryUInt32(out uint same) && same == number
                && reader.TrySignature(out ReadOnlySpan<byte> signature) && signature.SequenceEqual("a{sv}"u8) && reader.TryBytes(out ReadOnlySpan<byte> rest) && rest.SequenceEqual(bytes)
                && reader.IsAtEnd;
        }));

    [Fact]
    public void Parts_of_a_unit_name_make_the_name_again() =>
        Check.One(Many, Prop.ForAll(Mutations.Joined("web", "@", ".", "service", ".service", "scope", "-", "\\x2d", ":"), text =>
            !UnitName.TryParse(text, out UnitName? name)
            || (name.Text == text && (name.Template is null) == (name.Instance is null)
                && (name.Template is null || name.Template.Replace("@", "@" + name.Instance, StringComparison.Ordinal) == text))));

    private static Reply? Parse(byte[] bytes) => MessagePrefix.TryParse(bytes, out MessagePrefix prefix) && Reply.TryParse(bytes, prefix, out Reply? reply) ? reply : null;

    private static byte[] Answer()
    {
        MessageWriter body = new();
        body.String("/org/freedesktop/systemd1/unit/a").String("a.service").UInt32(4).Bytes([1, 2, 3, 4]);
        MessageWriter message = new();
        message.Byte((byte)'l').Byte(2).Byte(1).Byte(1).UInt32((uint)body.Length).UInt32(9).UInt32(0);
        message.Align(8).Byte(5).Signature("u").UInt32(7).Align(8).Byte(7).Signature("s").String(":1.0").Align(8).Byte(8).Signature("g").Signature("osay");
        message.Align(8).Byte(77).Signature("a(sv)").UInt32(10).Align(8).String("x").Signature("y").Byte(1);
        message.Overwrite(12, (uint)(message.Length - 16));
        return [.. message.Align(8).Written, .. body.Written];
    }
}
