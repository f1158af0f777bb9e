using System.Diagnostics;

namespace Spiffe.Agent.Tests.Interop.Audit;

/// <summary>Logs and receipts of the daemon's store, before verifiers that are none of ours: one in Python from the public texts alone, one of golang.org/x/mod.</summary>
public sealed class ForeignVerifierTests : IClassFixture<StoredLog>, IClassFixture<GoVerifier>
{
    private readonly StoredLog _log;
    private readonly GoVerifier _go;

    public ForeignVerifierTests(StoredLog log, GoVerifier go) => (_log, _go) = (log, go);

    [PythonCryptographyFact]
    public Task Python_accepts_our_log_with_the_cosignature_of_a_witness() => AcceptAsync("log", _log.Folder, _log.Key, _log.WitnessKey);

    [PythonCryptographyFact]
    public async Task Python_accepts_our_receipts_with_the_cosignature_of_a_witness()
    {
        foreach (int index in new[] { 0, 255, 256, 600, 699 })
        {
            await AcceptAsync("proof", _log.ReceiptOf(index), _log.EntryFileOf(index), _log.Key);
        }

        await AcceptAsync("proof", _log.WitnessedReceipt, _log.EntryFileOf(StoredLog.Witnessed), _log.Key, _log.WitnessKey);
    }

    [PythonCryptographyTheory]
    [InlineData("an entry changed", "entry 257: does not name the entry before")]
    [InlineData("an entry left out", "holds 255 entries")]
    [InlineData("a tile changed", "tile 0/1 is not that of its entries")]
    [InlineData("an upper tile changed", "tile 1/0 is not that of the tiles below")]
    [InlineData("a tile gone", "is missing")]
    [InlineData("a size changed", "signature of")]
    [InlineData("two entries in each other's places", "in another's place")]
    [InlineData("another key's tree", "has not signed")]
    public async Task Python_refuses_our_log_when_somebody_changed_it(string how, string reason)
    {
        using TamperedLog tampered = new(_log, how);

        Assert.Contains(reason, await RefuseAsync("log", tampered.Folder, _log.Key), StringComparison.Ordinal);
    }

    [PythonCryptographyFact]
    public async Task Python_refuses_our_receipt_for_another_entry_another_log_and_a_witness_that_has_not_cosigned()
    {
        Assert.Contains("not in the tree", await RefuseAsync("proof", _log.ReceiptOf(600), _log.EntryFileOf(255), _log.Key), StringComparison.Ordinal);
        Assert.Contains("has not signed", await RefuseAsync("proof", _log.ReceiptOf(600), _log.EntryFileOf(600), StoredLog.StrangersKey), StringComparison.Ordinal);
        Assert.Contains("has not signed", await RefuseAsync("proof", _log.ReceiptOf(600), _log.EntryFileOf(600), _log.Key, _log.WitnessKey), StringComparison.Ordinal);
    }

    [GoModFact]
    public Task Go_accepts_our_log_and_proves_every_entry_of_it() => ForeignClient.RunAsync(new ProcessStartInfo(_go.Program, [_log.Folder, _log.Key]));

    [GoModTheory]
    [InlineData("an entry changed")]
    [InlineData("an entry left out")]
    [InlineData("a size changed")]
    [InlineData("another key's tree")]
    public async Task Go_refuses_our_log_when_somebody_changed_it(string how)
    {
        using TamperedLog tampered = new(_log, how);

        (int code, string errors) = await RunAsync(_go.Program, tampered.Folder, _log.Key);
        Assert.True(code == 1, errors);
    }

    private static Task AcceptAsync(params string[] arguments) => ForeignClient.RunAsync(new ProcessStartInfo(PythonTheoryAttribute.Python, [PythonCryptography.Verifier, .. arguments]));

    private static async Task<string> RefuseAsync(params string[] arguments)
    {
        (int code, string errors) = await RunAsync(PythonTheoryAttribute.Python, [PythonCryptography.Verifier, .. arguments]);
        Assert.True(code == 1 && !errors.Contains("Traceback", StringComparison.Ordinal), errors);
        return errors;
    }

    private static async Task<(int Code, string Errors)> RunAsync(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        string errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, errors);
    }
}
