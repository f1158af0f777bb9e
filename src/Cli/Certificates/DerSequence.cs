using System.Formats.Asn1;

namespace Spiffe.Agent.Cli.Certificates;

/// <summary>DER values one behind the other, as the Workload API sends certificates (§5.1).</summary>
internal static class DerSequence
{
    /// <exception cref="AsnContentException">Not whole values.</exception>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Split(ReadOnlyMemory<byte> values)
    {
        List<ReadOnlyMemory<byte>> parts = [];
        while (!values.IsEmpty)
        {
            AsnDecoder.ReadEncodedValue(values.Span, AsnEncodingRules.DER, out _, out _, out int length);
            parts.Add(values[..length]);
            values = values[length..];
        }

        return parts;
    }
}
