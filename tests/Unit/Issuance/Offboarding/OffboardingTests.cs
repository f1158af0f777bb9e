using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Spiffe.Agent.Audit.Notes;
using Spiffe.Agent.Issuance.Offboarding;
using Spiffe.Agent.Issuance.Tasks;
using Spiffe.Agent.Issuance.Tasks.Views;
using Spiffe.Agent.Residue.Reports;
using Spiffe.Agent.Tasks.Templates;
using Spiffe.Agent.Tests.Unit.Issuance.Tasks;

namespace Spiffe.Agent.Tests.Unit.Issuance.Offboarding;

/// <summary>When a task is over it is proven, as far as that can be, that nothing of it remains.</summary>
public sealed class OffboardingTests : IDisposable
{
    private readonly OffboardingBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task A_task_that_left_nothing_is_verified_on_every_channel_and_in_every_place()
    {
        (TaskView task, _, _) = await _bench.WorkAsync();
        File.WriteAllText(Path.Combine(_bench.PlaceOf(task), "result"), "42");

        OffboardingCheck check = await _bench.OffboardAsync(task);

        Assert.Equal(OffboardingState.Verified, check.State);
        Assert.Equal(["ledger", "issuance", "verify_task", "validate_jwt_svid", "status_list", "feed", "crl"], check.Channels.Select(channel => channel.Channel));
        Assert.All(check.Channels, channel => Assert.True(channel.Tested > 0 && channel.Accepted.IsEmpty, channel.Channel));
        Assert.Equal((2, 1), (check.Residue!.Credentials, Assert.Single(check.Residue.Places).Files));
        Assert.Equal(1, _bench.Bench.Issuance.Service.Counters.OffboardedAs(OffboardingState.Verified));
    }

    [Fact]
    public async Task A_token_that_was_written_to_a_file_is_found_and_dead_already()
    {
        (TaskView task, string token, _) = await _bench.WorkAsync();
        string file = Path.Combine(_bench.PlaceOf(task), "curl.log");
        File.WriteAllText(file, $"> Authorization: Bearer {token}\n");

        OffboardingCheck check = await _bench.OffboardAsync(task);

        Assert.Equal(OffboardingState.ResidueFound, check.State);
        ResidueFinding found = Assert.Single(check.Residue!.Findings);
        Assert.Equal((file, "jwt"), (found.Path, found.CredentialKind));
        Assert.Equal(TaskBench.ClaimsOf(token).GetProperty("jti").GetString(), found.CredentialId);
        Assert.Equal("revoked", _bench.Bench.Issuance.Service.ValidateJwt(token, "repo-api").Broken);
    }

    [Fact]
    public async Task A_key_that_was_encoded_anew_is_found()
    {
        (TaskView task, _, byte[] key) = await _bench.WorkAsync();
        using ECDsa read = ECDsa.Create();
        read.ImportPkcs8PrivateKey(key, out _);
        File.WriteAllText(Path.Combine(_bench.PlaceOf(task), "key.pem"), read.ExportECPrivateKeyPem());
        File.WriteAllText(Path.Combine(_bench.PlaceOf(task), "key.hex"), Convert.ToHexStringLower(key));

        OffboardingCheck check = await _bench.OffboardAsync(task);

        Assert.Equal(2, check.Residue!.Findings.Select(found => found.Path).Distinct().Count());
        Assert.All(check.Residue.Findings, found => Assert.Equal("x509", found.CredentialKind));
    }

    [Fact]
    public async Task A_token_of_an_action_is_found_too()
    {
        (TaskView task, _, _) = await _bench.WorkAsync();
        ActionDecision decision = await _bench.Bench.AskAsync(TaskBench.Read());
        File.WriteAllText(Path.Combine(_bench.PlaceOf(task), "x"), decision.Token);

        OffboardingCheck check = await _bench.OffboardAsync(task);

        Assert.Equal("action_token", Assert.Single(check.Residue!.Findings).CredentialKind);
    }

    [Fact]
    public async Task What_another_task_left_is_not_blamed_on_this_one()
    {
        (TaskView other, string token, byte[] key) = await _bench.WorkAsync();
        await _bench.OffboardAsync(other);
        (TaskView task, _, _) = await _bench.WorkAsync();
        File.WriteAllText(Path.Combine(_bench.PlaceOf(task), "from-before"), token);
        File.WriteAllBytes(Path.Combine(_bench.PlaceOf(task), "key"), key);

        Assert.Equal(OffboardingState.Verified, (await _bench.OffboardAsync(task)).State);
    }

    [Fact]
    public async Task A_place_that_cannot_be_looked_at_proves_nothing()
    {
        (TaskView task, _, _) = await _bench.WorkAsync();
        Directory.Delete(_bench.PlaceOf(task));
        Directory.CreateSymbolicLink(_bench.PlaceOf(task), "/nonexistent");

        OffboardingCheck check = await _bench.OffboardAsync(task);

        Assert.Equal((OffboardingState.Incomplete, GapReason.Link), (check.State, Assert.Single(check.Residue!.Gaps).Reason));
    }

    [Fact]
    public async Task The_answer_comes_at_once_with_what_was_tested_and_the_rest_later()
    {
        (TaskView task, _, _) = await _bench.WorkAsync();

        TaskView answer = await _bench.CompleteAsync(task);

        Assert.Equal(["ledger", "issuance", "verify_task", "validate_jwt_svid", "status_list", "feed"], answer.Receipt!.Check.Channels.Select(channel => channel.Channel).Take(6));
        Assert.All(answer.Receipt.Check.Channels, channel => Assert.Empty(channel.Accepted));
        Assert.Equal(2, answer.Receipt.Revoked.Length);
        await _bench.CheckAsync(task);
    }

    [Fact]
    public async Task Who_watches_hears_what_was_found_and_then_nothing_more()
    {
        (TaskView task, string token, _) = await _bench.WorkAsync();
        File.WriteAllText(Path.Combine(_bench.PlaceOf(task), "x"), token);
        (TaskWatch? watch, _) = await _bench.Bench.Tasks.WatchAsync(_bench.Bench.Self, task.Id.ToString(), CancellationToken.None);
        await _bench.CompleteAsync(task);
        while (!watch!.IsOver)
        {
            Task changed = watch.Changed;
            if (!watch.IsOver) await changed.WaitAsync(TimeSpan.FromSeconds(60));
        }

        TaskEvent last = watch.After(0)[^1];
        Assert.Equal("offboarded", last.Kind);
        Assert.StartsWith("residue found 1 times", last.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_receipt_is_signed_by_the_logs_key_and_written_down_with_its_digest()
    {
        (TaskView task, string token, byte[] key) = await _bench.WorkAsync();
        File.WriteAllText(Path.Combine(_bench.PlaceOf(task), "x"), token);
        OffboardingCheck check = await _bench.OffboardAsync(task);

        Assert.True(SignedNote.TryParse(Encoding.UTF8.GetBytes(check.Note), out SignedNote? note, out string fault), fault);
        Assert.True(note.Verify([_bench.Signer.VerifierKey]).Accepted);
        string[] lines = Encoding.UTF8.GetString(note.Text).Split('\n');
        Assert.Equal("spiffe-agent/statement@v1 offboarding", lines[0]);
        using JsonDocument receipt = JsonDocument.Parse(lines[1]);
        Assert.Equal("RESIDUE_FOUND", receipt.RootElement.GetProperty("outcome").GetString());
        TaskEntry entry = Assert.Single(_bench.Bench.Written(TaskEntryKind.Offboarded));
        Assert.Equal(("RESIDUE_FOUND", lines[1]), (entry.Outcome, entry.Words));
        Assert.Equal(Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(lines[1]))).TrimEnd('=').Replace('+', '-').Replace('/', '_'), entry.Digest);
        Assert.Contains("crl 1/1", entry.Checks);
        Assert.StartsWith("Path jwt ", Assert.Single(entry.Residue), StringComparison.Ordinal);
        string signature = token[(token.LastIndexOf('.') + 1)..];
        Assert.DoesNotContain(signature[..8], check.Note + string.Join(' ', entry.Residue), StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToHexStringLower(key.AsSpan(36, 8)), check.Note, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task In_the_environment_of_a_child_that_goes_on_it_is_found()
    {
        using OffboardingBench bench = new(rule => rule with { Environments = SurvivorRule.Task, Paths = [] });
        (TaskView task, string token, _) = await bench.WorkAsync();
        ProcessStartInfo start = new("sleep", ["600"]);
        start.Environment["TOKEN"] = token;
        using Process survivor = Process.Start(start)!;
        try
        {
            OffboardingCheck check = await bench.OffboardAsync(task);

            Assert.Contains(check.Residue!.Findings, found => found.Place == PlaceKind.Environment && found.Path.StartsWith($"process {survivor.Id} ", StringComparison.Ordinal));
        }
        finally
        {
            survivor.Kill();
            survivor.WaitForExit();
        }
    }

    [Fact]
    public async Task Whatever_ends_it_a_task_is_looked_behind_and_so_are_those_below()
    {
        (TaskView task, string token, _) = await _bench.WorkAsync();
        File.WriteAllText(Path.Combine(_bench.PlaceOf(task), "x"), token);

        _bench.Bench.Tasks.Revoke(TaskBench.Somebody, new() { TaskId = task.Id.ToString() });

        Assert.Equal(OffboardingState.ResidueFound, (await _bench.CheckAsync(task)).State);
    }

    [Fact]
    public async Task When_the_daemon_stops_what_was_not_looked_at_is_said_and_written_down()
    {
        OffboardingBench bench = new();
        (TaskView task, _, _) = await bench.WorkAsync();
        RecordingJournal journal = bench.Bench.Issuance.Journal;

        bench.Dispose();

        TaskEntry entry = Assert.Single(journal.Entries, entry => entry.Kind == TaskEntryKind.Offboarded);
        Assert.Equal((task.Id, "INCOMPLETE"), (entry.Task, entry.Outcome));
        Assert.Contains("the daemon stops", entry.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_task_to_which_nothing_was_issued_left_nothing()
    {
        TaskView task = await _bench.Bench.StartAsync();

        OffboardingCheck check = await _bench.OffboardAsync(task);

        Assert.Equal((OffboardingState.Verified, 0), (check.State, check.Residue!.Credentials));
    }
}
