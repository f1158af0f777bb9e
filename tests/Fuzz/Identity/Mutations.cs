using FsCheck;
using FsCheck.Fluent;

namespace Spiffe.Agent.Tests.Fuzz.Identity;

/// <summary>Inputs that are nearly right: good ones with something changed, and joints of the parts that parsers look at.</summary>
internal static class Mutations
{
    /// <summary>Texts from these parts, in any order and number, with stray characters between.</summary>
    public static Arbitrary<string> Joined(params string[] parts)
    {
        Gen<string> part = Gen.OneOf(Gen.Elements(parts), Gen.Select(Gen.Choose(0, 0xFFFF), c => ((char)c).ToString()), Gen.Select(Gen.Choose(32, 126), c => ((char)c).ToString()));
        return Arb.From(Gen.Select(Gen.ListOf(part), p => string.Concat(p)));
    }

    /// <summary>A good input with up to four bytes changed, cut out or doubled.</summary>
    public static Arbitrary<byte[]> Changed(byte[] good)
    {
        Gen<(int At, int Value, int Kind)> change =
            from at in Gen.Choose(0, good.Length - 1)
            from value in Gen.Choose(0, 255)
            from kind in Gen.Choose(0, 2)
            select (at, value, kind);
        return Arb.From(
            from count in Gen.Choose(1, 4)
            from changes in Gen.ArrayOf(change, count)
            select changes.Aggregate(good, Apply));
    }

    private static byte[] Apply(byte[] bytes, (int At, int Value, int Kind) change)
    {
        int at = Math.Min(change.At, bytes.Length - 1);
        return change.Kind switch
        {
            0 => [.. bytes[..at], (byte)change.Value, .. bytes[(at + 1)..]],
            1 => [.. bytes[..at], .. bytes[(at + 1)..], 0],
            _ => [.. bytes[..at], bytes[at], .. bytes[at..]],
        };
    }
}
