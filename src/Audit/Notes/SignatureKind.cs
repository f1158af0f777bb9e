namespace Spiffe.Agent.Audit.Notes;

/// <summary>What a key of a note signs, by the byte that goes into its id. C2SP signed-note, "Signature types".</summary>
public enum SignatureKind : byte
{
    /// <summary>Ed25519 over the text of the note.</summary>
    Ed25519 = 0x01,

    /// <summary>A witness's: Ed25519 over a time and the text. C2SP tlog-cosignature.</summary>
    Cosignature = 0x04,
}
