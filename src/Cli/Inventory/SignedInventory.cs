using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using Spiffe.Agent.Audit.Notes;
using Spiffe.Agent.Identity.Json;

namespace Spiffe.Agent.Cli.Inventory;

/// <summary>An inventory with what a log's key says of it, as one file: <c>{"inventory":{…},"note":"…"}</c>, canonical JSON (RFC 8785) and a line feed.</summary>
/// <param name="Inventory">The document.</param>
/// <param name="Digest">SHA-256 of its bytes, base64url.</param>
/// <param name="Note">The signed note.</param>
/// <param name="Statement">What it says.</param>
internal sealed record SignedInventory(JsonElement Inventory, string Digest, SignedNote Note, InventoryStatement Statement)
{
    /// <summary>The file.</summary>
    /// <param name="document">Canonical JSON.</param>
    /// <param name="note">As the agent gave it.</param>
    public static byte[] ToFile(ReadOnlySpan<byte> document, ReadOnlySpan<byte> note)
    {
        CanonicalWriter json = new(document.Length + note.Length + 64);
        json.BeginObject();
        json.Name("inventory");
        json.Raw(document);
        json.Name("note");
        json.String(Encoding.UTF8.GetString(note));
        json.EndObject();
        return [.. json.Written, (byte)'\n'];
    }

    /// <summary>Reads a file. Proves nothing yet: see <see cref="FaultOf"/>.</summary>
    /// <remarks>Every byte counts: a file that another program has written anew, or in which a name stands twice, is not read.</remarks>
    public static bool TryRead(ReadOnlyMemory<byte> file, [NotNullWhen(true)] out SignedInventory? signed, out string fault)
    {
        (signed, fault) = (null, "is not a signed inventory");
        try
        {
            JsonElement root = JsonDocument.Parse(file).RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("inventory", out JsonElement inventory) || inventory.ValueKind != JsonValueKind.Object || root.EnumerateObject().Count() != 2) return false;
            if (!file.Span.SequenceEqual([.. CanonicalJson.Of(root), (byte)'\n']))
            {
                fault = "is not byte for byte as the agent wrote it: it was changed, or another program wrote it anew";
                return false;
            }

            if (!SignedNote.TryParse(Encoding.UTF8.GetBytes(root.Text("note")), out SignedNote? note, out fault) || !InventoryStatement.TryParse(note.Text, out InventoryStatement? statement, out fault)) return false;
            signed = new SignedInventory(inventory, CanonicalJson.Digest(CanonicalJson.Of(inventory)), note, statement);
            return true;
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            return false;
        }
    }

    /// <summary>Why it is not to be believed; empty: one of these keys signed just this inventory, as the inventory of the log of its name.</summary>
    public string FaultOf(IReadOnlyCollection<NoteVerifierKey> keys)
    {
        NoteVerdict verdict = Note.Verify(keys);
        if (!verdict.Accepted) return verdict.Fault;
        if (!verdict.Signatures.Any(signature => signature.Key.Kind == SignatureKind.Ed25519 && string.Equals(signature.Key.Name, Statement.Origin, StringComparison.Ordinal))) return $"{Statement.Origin} itself did not sign it";
        if (!string.Equals(Digest, Statement.Digest, StringComparison.Ordinal)) return "the signature is about another inventory";
        bool agrees = Inventory.Moment("at") == Statement.At && Inventory.Items("tasks").Count == Statement.Tasks
            && Inventory.Part("log").Number("size") == Statement.LogSize && string.Equals(Inventory.Part("log").Text("origin"), Statement.Origin, StringComparison.Ordinal);
        return agrees ? "" : "the inventory says something else of itself than what was signed";
    }
}
