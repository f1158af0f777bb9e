using System.Text;
using Spiffe.Agent.Audit.Notes;
using Spiffe.Agent.Identity.Jwt;
using Spiffe.Agent.Issuance.Admission;
using Spiffe.Agent.Issuance.Offboarding;
using Spiffe.Agent.Issuance.Revocation;
using Spiffe.Agent.Issuance.Tasks;
using Spiffe.Agent.Issuance.Tasks.Views;
using Spiffe.Agent.Tasks.Templates;
using Spiffe.Agent.Tests.Unit.Issuance.Tasks;

namespace Spiffe.Agent.Tests.Unit.Issuance.Offboarding;

/// <summary>Tasks with a place to work in, and what they leave there.</summary>
internal sealed class OffboardingBench : IDisposable
{
    public OffboardingBench(Func<ResidueRule, ResidueRule>? change = null)
    {
        Assert.True(ResiduePath.TryParse(Root + "/{task}", out ResiduePath? path, out string fault), fault);
        ResidueRule rule = new() { Paths = [path], Environments = SurvivorRule.None };
        Bench = new TaskBench(
            new TaskRules(new TemplateSnapshot([TaskBench.Template("work") with { Residue = change?.Invoke(rule) ?? rule }], null), TaskBench.Compile()),
            new IssuanceParts { Sign = receipt => Encoding.UTF8.GetString(Signer.Sign([.. "spiffe-agent/statement@v1 offboarding\n"u8, .. receipt, (byte)'\n']).ToArray()) });
    }

    public TaskBench Bench { get; }

    public NoteSigner Signer { get; } = new("log.example.org/node", Seed);

    public string Root { get; } = Directory.CreateTempSubdirectory("offboarding-").FullName;

    public RevocationLedger Ledger => Bench.Issuance.Service.Revocations;

    private static Spiffe.Agent.Identity.SecretBytes Seed => NoteSigner.NewSeed();

    /// <summary>A task that was given one credential of each kind, and a directory.</summary>
    public async Task<(TaskView Task, string Token, byte[] PrivateKey)> WorkAsync()
    {
        TaskView task = await Bench.StartAsync();
        Directory.CreateDirectory(PlaceOf(task));
        JwtSvid token = (await Bench.JwtAsync())!;
        byte[] key = await KeyAsync();
        return (task, token.Token, key);
    }

    public string PlaceOf(TaskView task) => Path.Combine(Root, task.Id.ToString());

    public async Task<TaskView> CompleteAsync(TaskView task)
    {
        TaskAnswer answer = await Bench.Tasks.CompleteAsync(Bench.Self, task.Id.ToString(), "", CancellationToken.None);
        Assert.Equal(TaskRefusal.None, answer.Refusal);
        return answer.Task!;
    }

    /// <summary>Ends a task, and waits until it is known whether anything remains.</summary>
    public async Task<OffboardingCheck> OffboardAsync(TaskView task)
    {
        await CompleteAsync(task);
        return await CheckAsync(task);
    }

    public async Task<OffboardingCheck> CheckAsync(TaskView task)
    {
        await TaskBench.UntilAsync(() => Bench.Now(task).Receipt!.Check.State != OffboardingState.Running);
        return Bench.Now(task).Receipt!.Check;
    }

    /// <summary>The private key of the task's certificate, as every SPIFFE client gets it.</summary>
    public async Task<byte[]> KeyAsync()
    {
        using WorkloadLease lease = (await Bench.Issuance.Service.AdmitAsync(Bench.Self, CancellationToken.None)).Lease!;
        return IssuanceBench.X509(lease).Response.Svids[0].X509SvidKey.ToByteArray();
    }

    public void Dispose()
    {
        Bench.Dispose();
        Signer.Dispose();
        Directory.Delete(Root, recursive: true);
    }
}
