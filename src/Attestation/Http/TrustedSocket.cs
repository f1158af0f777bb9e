using System.Buffers.Binary;
using System.Globalization;
using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;

namespace Spiffe.Agent.Attestation.Http;

/// <summary>Connects to a Unix socket that is, beyond doubt, its owner's: nobody else could have put it there, and nobody else listens.</summary>
internal static class TrustedSocket
{
    private const int SocketLevel = 1, PeerCredentials = 17, CredentialsSize = 12; // SOL_SOCKET, SO_PEERCRED, struct ucred { pid, uid, gid }

    /// <exception cref="UnixHttpException">It is not there, not the owner's, or does not accept.</exception>
    internal static async Task<Stream> ConnectAsync(UnixEndpoint endpoint, CancellationToken cancellationToken)
    {
        // Connected to through the descriptor: the inode that was looked at, whatever stands at its path by now.
        using SafeFileHandle file = OwnedPath.OpenSocket(endpoint);
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            string path = string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{file.DangerousGetHandle()}");
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            uint listener = ListenerOf(socket);
            if (listener != endpoint.Owner)
                throw new UnixHttpException(EvidenceRefusal.ServiceNotTrusted, $"{endpoint.Path}: user {listener} listens, not user {endpoint.Owner}");
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (SocketException failure)
        {
            socket.Dispose();
            string remedy = failure.SocketErrorCode == SocketError.AccessDenied ? "; the agent needs to be of the socket's group, or CAP_DAC_OVERRIDE" : "";
            throw new UnixHttpException(EvidenceRefusal.AttestorFailed, $"{endpoint.Path}: {failure.SocketErrorCode}{remedy}");
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>unix(7): of a stream socket that was connected to, the credentials of who called listen(2).</summary>
    private static uint ListenerOf(Socket socket)
    {
        Span<byte> credentials = stackalloc byte[CredentialsSize];
        int length = socket.GetRawSocketOption(SocketLevel, PeerCredentials, credentials);
        return length == CredentialsSize ? BinaryPrimitives.ReadUInt32LittleEndian(credentials[4..]) : uint.MaxValue;
    }
}
