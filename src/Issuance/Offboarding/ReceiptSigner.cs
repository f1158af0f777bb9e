namespace Spiffe.Agent.Issuance.Offboarding;

/// <summary>Signs a receipt with the log's key, as a statement of the kind <see cref="ReceiptNote.Kind"/>, and answers the note (C2SP signed-note); null when nothing can be signed now.</summary>
/// <param name="receipt">Canonical JSON.</param>
public delegate string? ReceiptSigner(ReadOnlySpan<byte> receipt);
