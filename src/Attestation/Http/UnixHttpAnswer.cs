using System.Net;
using System.Security.Cryptography;

namespace Spiffe.Agent.Attestation.Http;

/// <summary>A whole answer. Its body may hold secrets, so it is zeroed when the answer has been read.</summary>
/// <param name="status">The status that came with it.</param>
/// <param name="buffer">The body, at the start of it.</param>
/// <param name="length">How long the body is, in bytes.</param>
internal sealed class UnixHttpAnswer(HttpStatusCode status, byte[] buffer, int length) : IDisposable
{
    internal HttpStatusCode Status => status;

    internal ReadOnlyMemory<byte> Body => buffer.AsMemory(0, length);

    public void Dispose() => CryptographicOperations.ZeroMemory(buffer);
}
