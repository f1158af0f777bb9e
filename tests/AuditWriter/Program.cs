using System.Globalization;
using Spiffe.Agent.Audit.Records;
using Spiffe.Agent.Audit.Store;

// AuditWriter DIRECTORY FIRST: writes numbered records from FIRST on until it is killed, and says on its standard output after each group up to which number all are safe.
int number = int.Parse(args[1], CultureInfo.InvariantCulture);
AuditStoreOptions options = new() { Directory = args[0], Origin = "example.org/audit", Limits = new AuditStoreLimits { Period = TimeSpan.FromMilliseconds(30), ReserveBytes = 1 << 16 } };
using Stream output = Console.OpenStandardOutput();
AuditStore store = AuditStore.Open(options, TimeProvider.System);
while (true)
{
    for (int i = 0; i <= number % 7; i++)
    {
        AuditRecord record = new(RecordTypes.TaskPermitted, DateTimeOffset.UnixEpoch, new RecordFields().Add("number", number)) { Body = number % 2 == 0 ? $"text {number}" : null };
        if (!store.TryAppend(record)) return 1;
        number++;
    }

    if (!await store.SettleAsync(CancellationToken.None)) return 2;
    output.Write(BitConverter.GetBytes(number));
}
