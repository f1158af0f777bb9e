using System.Diagnostics;
using System.Globalization;

namespace Spiffe.Agent.Tests.Integration.Attestation.Kubernetes;

/// <summary>A process of the user nobody that took the kubelet's port on loopback, and answers everything with a list of pods. Needs root, setpriv and Debian's python3.</summary>
internal sealed class Squatter : IAsyncDisposable
{
    /// <summary>Prints the port, then every Authorization header that it is sent.</summary>
    private const string Program = """
        import http.server, ssl, sys
        body = open(sys.argv[1], "rb").read()
        class Answer(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            def do_GET(self):
                print("asked", self.headers.get("Authorization"), flush=True)
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            def log_message(self, *_): pass
        class Server(http.server.ThreadingHTTPServer):
            def handle_error(self, *_): pass
        server = Server(("127.0.0.1", 0), Answer)
        if len(sys.argv) > 2:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(sys.argv[2])
            server.socket = context.wrap_socket(server.socket, server_side=True)
        print(server.server_address[1], flush=True)
        server.serve_forever()
        """;

    private readonly Process _process;

    private Squatter(Process process, int port)
    {
        _process = process;
        Port = port;
    }

    public int Port { get; }

    public static async Task<Squatter> StartAsync(string body, string? certificateAndKey)
    {
        List<string> arguments = ["--reuid", "65534", "--regid", "65534", "--clear-groups", "/usr/bin/python3", "-c", Program, body];
        if (certificateAndKey is not null) arguments.Add(certificateAndKey);
        Process process = Process.Start(new ProcessStartInfo("setpriv", arguments) { RedirectStandardOutput = true })!;
        string? port = await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30));
        return new Squatter(process, int.Parse(port!, CultureInfo.InvariantCulture));
    }

    /// <summary>Ends it, and says what it was asked with.</summary>
    public async Task<string> EndAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        return await _process.StandardOutput.ReadToEndAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
