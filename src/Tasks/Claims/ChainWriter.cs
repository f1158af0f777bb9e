using System.Collections.Immutable;
using Spiffe.Agent.Identity.Json;

namespace Spiffe.Agent.Tasks.Claims;

/// <summary>Writes the chain, from the root to the parent. A digest is that of the link's, or the whole chain's, canonical JSON: who has the record can check it.</summary>
internal static class ChainWriter
{
    public static void Write(CanonicalWriter writer, ImmutableArray<ChainLink> chain, ChainForm form)
    {
        if (chain.IsEmpty) return;
        if (form == ChainForm.Digest)
        {
            writer.Name("chain_s256");
            writer.String(CanonicalJson.Digest(All(chain)));
            return;
        }

        writer.Name("chain");
        writer.BeginArray();
        for (int i = 0; i < chain.Length; i++)
        {
            byte[] link = Link(chain[i]);
            bool isWhole = form == ChainForm.Whole || i >= chain.Length - TaskClaims.MaxWholeLinks;
            if (isWhole)
            {
                writer.Raw(link);
                continue;
            }

            writer.BeginObject();
            writer.Name("s256");
            writer.String(CanonicalJson.Digest(link));
            writer.EndObject();
        }

        writer.EndArray();
    }

    private static byte[] All(ImmutableArray<ChainLink> chain)
    {
        CanonicalWriter writer = new();
        writer.BeginArray();
        foreach (ChainLink link in chain) writer.Raw(Link(link));
        writer.EndArray();
        return writer.ToArray();
    }

    private static byte[] Link(ChainLink link)
    {
        CanonicalWriter writer = new();
        writer.BeginObject();
        if (link.GrantDigest is { } digest)
        {
            writer.Name("grant_s256");
            writer.String(digest);
        }

        writer.Name("id");
        writer.String(link.Id);
        writer.EndObject();
        return writer.ToArray();
    }
}
