namespace Spiffe.Agent.Attestation.DBus;

/// <summary>Reads type signatures such as <c>a{sv}</c>. D-Bus Specification, Type System.</summary>
internal static class TypeSignature
{
    /// <summary>Longest signature.</summary>
    internal const int MaxLength = 255;

    /// <summary>Deepest nesting of arrays, structs and variants together. Ours: the specification allows 64; what is asked for here has 2.</summary>
    internal const int MaxDepth = 32;

    /// <summary>Whether these are complete types, one after the other, or none.</summary>
    internal static bool IsValid(ReadOnlySpan<byte> signature)
    {
        if (signature.Length > MaxLength) return false;
        while (!signature.IsEmpty)
        {
            if (!TryTakeOne(ref signature, out _, MaxDepth)) return false;
        }

        return true;
    }

    /// <summary>Takes the first complete type off.</summary>
    internal static bool TryTakeOne(ref ReadOnlySpan<byte> signature, out ReadOnlySpan<byte> type, int depth)
    {
        ReadOnlySpan<byte> rest = signature;
        type = default;
        if (!TryPass(ref rest, depth)) return false;
        type = signature[..^rest.Length];
        signature = rest;
        return true;
    }

    /// <summary>To what multiple a value of this type is aligned; 0 for what is no type.</summary>
    internal static int AlignmentOf(byte type) => (char)type switch
    {
        'y' or 'g' or 'v' => 1,
        'n' or 'q' => 2,
        'b' or 'i' or 'u' or 'h' or 's' or 'o' or 'a' => 4,
        'x' or 't' or 'd' or '(' or '{' => 8,
        _ => 0,
    };

    private static bool TryPass(ref ReadOnlySpan<byte> rest, int depth)
    {
        if (rest.IsEmpty || depth == 0) return false;
        byte type = rest[0];
        rest = rest[1..];
        return (char)type switch
        {
            'a' when !rest.IsEmpty && rest[0] == '{' => TryPassEntry(ref rest, depth - 1),
            'a' => TryPass(ref rest, depth - 1),
            '(' => TryPassMembers(ref rest, depth - 1),
            _ => IsBasic(type) || type == 'v',
        };
    }

    private static bool TryPassMembers(ref ReadOnlySpan<byte> rest, int depth)
    {
        do
        {
            if (!TryPass(ref rest, depth)) return false;
        }
        while (!rest.IsEmpty && rest[0] != ')');
        if (rest.IsEmpty) return false;
        rest = rest[1..];
        return true;
    }

    /// <summary>An entry of a dictionary: a basic key and any value.</summary>
    private static bool TryPassEntry(ref ReadOnlySpan<byte> rest, int depth)
    {
        if (rest.Length < 2 || !IsBasic(rest[1])) return false;
        rest = rest[2..];
        if (!TryPass(ref rest, depth) || rest.IsEmpty || rest[0] != '}') return false;
        rest = rest[1..];
        return true;
    }

    private static bool IsBasic(byte type) => "ybnqiuxtdhsog"u8.Contains(type);
}
