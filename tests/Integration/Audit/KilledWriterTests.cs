using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Spiffe.Agent.Audit.Records;
using Spiffe.Agent.Audit.Store;
using Spiffe.Agent.Tests.TestKit.Requirements;

namespace Spiffe.Agent.Tests.Integration.Audit;

/// <summary>A process that writes a log is killed, again and again: whatever it had confirmed is there.</summary>
public sealed class KilledWriterTests : IDisposable
{
    private const int Rounds = 12;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly string _directory = Directory.CreateTempSubdirectory("killed-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task What_a_killed_writer_had_confirmed_is_there_and_the_next_one_goes_on()
    {
        int written = 0;
        for (int round = 0; round < Rounds; round++)
        {
            int confirmed = await WriteUntilKilledAsync(written);
            Assert.True(confirmed > written, "the writer confirmed nothing");
            await using (AuditStore store = WrittenLog.Open(_directory)) Assert.True(await store.SettleAsync(CancellationToken.None));
            int[] numbers = WrittenLog.Numbers(WrittenLog.Entries(_directory));
            Assert.Equal(Enumerable.Range(0, numbers.Length), numbers);
            Assert.True(numbers.Length >= confirmed, $"{numbers.Length} of {confirmed} are there");
            written = numbers.Length;
        }

        Assert.Equal(2 * Rounds - 1, WrittenLog.Entries(_directory).Count(entry => entry.Type == RecordTypes.LogOpened)); // Each writer but the first, and each look.
    }

    private async Task<int> WriteUntilKilledAsync(int from)
    {
        string program = Repository.Path("artifacts", "bin", "AuditWriter", Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)), "Spiffe.Agent.Tests.AuditWriter");
        ProcessStartInfo start = new(program, [_directory, from.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardOutput = true };
        using Process writer = Process.Start(start)!;
        using CancellationTokenSource patience = new(Patience);
        int groups = RandomNumberGenerator.GetInt32(1, 400);
        int confirmed = from;
        byte[] number = new byte[sizeof(int)];
        Stream output = writer.StandardOutput.BaseStream;
        for (int read = sizeof(int); read == sizeof(int) && groups > 0; groups--)
        {
            read = await output.ReadAtLeastAsync(number, number.Length, throwOnEndOfStream: false, patience.Token);
            if (read == sizeof(int)) confirmed = BitConverter.ToInt32(number);
        }

        writer.Kill(); // SIGKILL
        while (await output.ReadAtLeastAsync(number, number.Length, throwOnEndOfStream: false, patience.Token) == sizeof(int)) confirmed = BitConverter.ToInt32(number); // What it said as it died.
        await writer.WaitForExitAsync(patience.Token);
        Assert.Equal(128 + 9, writer.ExitCode);
        return confirmed;
    }
}
