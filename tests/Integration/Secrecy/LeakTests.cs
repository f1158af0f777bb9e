using System.Buffers.Text;
using System.Security.Cryptography;
using Google.Protobuf;

namespace Spiffe.Agent.Tests.Integration.Secrecy;

/// <summary>That secrets are found at all: programs that let one out, each in another way, are caught by what looks at the daemon.</summary>
public sealed class LeakTests : IDisposable
{
    private static readonly string Token =
        $"eyJhbGciOiJFUzI1NiJ9.eyJqdGkiOiJub3QgZm9yIHlvdXIgZXllcyJ9.{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(64))}";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("leak-");

    public void Dispose() => _folder.Delete(recursive: true);

    [TracedTheory]
    [InlineData("cat >leak")]
    [InlineData("dd bs=50 count=1 status=none >leak; cat >>leak")] // half, and the other half
    [InlineData("base64 -w0 >leak")]
    [InlineData("{ echo -n x; cat; } | base64 -w0 >leak")]
    [InlineData("od -An -v -tx1 | tr -d ' \\n' >leak")]
    [InlineData("cat | (sleep 0; cat) >/dev/null")] // a pipe
    [InlineData("cat >&2")]
    [InlineData("read -r x; : >\"${x#*.}\"")] // the name of a file
    [InlineData("read -r x; SEEN=$x env true")]
    [InlineData("read -r x; expr \"$x\" : x; true")] // an argument
    public async Task Token_that_a_program_lets_out_is_found(string script)
    {
        SecretBook book = new();
        book.AddToken("token", "nobody", Token);

        Trace trace = await RunAsync(script, Token);

        Assert.NotEmpty(trace.Sightings(new SecretFinder(book.All)));
    }

    [TracedTheory]
    [InlineData("cat >leak")]
    [InlineData("base64 -d >leak")]
    [InlineData("base64 -d | od -An -v -tx1 | tr -d ' \\n' >leak")]
    [InlineData("base64 -d | od -An -v -tx1 | tr -d ' \\n' | tr a-f A-F >leak")]
    [InlineData("fold -w 64 >leak")] // PEM
    [InlineData("{ echo -n xy; base64 -d; } | base64 -w0 >leak")]
    public async Task Private_key_that_a_program_lets_out_is_found(string script)
    {
        foreach (byte[] key in Keys())
        {
            SecretBook book = new();
            book.AddKey("key", "nobody", ByteString.CopyFrom(key));

            Trace trace = await RunAsync(script, Convert.ToBase64String(key));

            Assert.NotEmpty(trace.Sightings(new SecretFinder(book.All)));
        }
    }

    [TracedTheory("python3")]
    [InlineData("import mmap; f = open('leak', 'w+b'); f.truncate(4096); mmap.mmap(f.fileno(), 4096)", "mmap")]
    [InlineData("import os; i = open('given', 'w+b'); i.write(b'x' * 9); i.flush(); o = open('leak', 'wb'); os.sendfile(o.fileno(), i.fileno(), 0, 9)", "sendfile")]
    [InlineData("import os; i = open('given', 'w+b'); i.write(b'x' * 9); i.flush(); o = open('leak', 'wb'); os.copy_file_range(i.fileno(), o.fileno(), 9, 0)", "copy_file_range")]
    [InlineData("import os; r, w = os.pipe(); i = open('given', 'w+b'); i.write(b'x' * 9); i.flush(); os.splice(i.fileno(), w, 9, offset_src=0)", "splice")]
    [InlineData("import os; os.memfd_create('hidden')", "memfd_create")]
    [InlineData("import socket, array; a, b = socket.socketpair(); socket.send_fds(a, [b'x'], [0])", "sendmsg")]
    [InlineData("import ctypes; ctypes.CDLL(None).syscall(425, 8, ctypes.create_string_buffer(120))", "io_uring_setup")]
    [InlineData("import ctypes; ctypes.CDLL(None).syscall(311, 1, 0, 0, 0, 0, 0)", "process_vm_writev")]
    public async Task Way_out_that_a_trace_does_not_show_is_noticed(string script, string call)
    {
        Trace trace = await RunAsync("exec python3 -c \"$0\"", "", script);

        Assert.StartsWith($"{call}(", Assert.Single(trace.Unaccounted()), StringComparison.Ordinal);
    }

    [TracedFact]
    public async Task Program_that_keeps_its_secret_is_not_accused()
    {
        SecretBook book = new();
        book.AddToken("token", "nobody", Token);

        Trace trace = await RunAsync("read -r x; printf %s ${#x} >length", Token);

        Assert.Empty(trace.Sightings(new SecretFinder(book.All)));
        Assert.Empty(trace.Unaccounted());
        Assert.Equal([Path.Combine(_folder.FullName, "length")], trace.Written().Select(write => write.Path));
    }

    private static IEnumerable<byte[]> Keys()
    {
        using ECDsa small = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using ECDsa large = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using RSA rsa = RSA.Create(2048);
        return [small.ExportPkcs8PrivateKey(), large.ExportPkcs8PrivateKey(), rsa.ExportPkcs8PrivateKey()];
    }

    private async Task<Trace> RunAsync(string script, string secret, params string[] arguments)
    {
        await using TracedProgram program = TracedProgram.Start(Path.Combine(_folder.FullName, "trace"), ["sh", "-c", $"cd '{_folder.FullName}'; {script}", .. arguments], secret + "\n");
        return (await program.EndAsync()).Trace;
    }
}
