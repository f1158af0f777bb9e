namespace Spiffe.Agent.Attestation.Http;

/// <summary>A service could not be asked, or did not answer as its protocol says. The message never quotes the answer.</summary>
/// <param name="reason">The proof that was missing.</param>
/// <param name="message">Which service, and what was wrong; for logs and <c>explain</c>.</param>
internal sealed class UnixHttpException(EvidenceRefusal reason, string message) : IOException(message)
{
    internal EvidenceRefusal Reason => reason;
}
