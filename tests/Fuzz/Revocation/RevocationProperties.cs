using FsCheck;
using FsCheck.Fluent;
using Spiffe.Agent.Authority.Revocation;
using Spiffe.Agent.Endpoints.StatusLists;
using Spiffe.Agent.Issuance.Revocation;
using Spiffe.Agent.Tests.Fuzz.Identity;
using Spiffe.Agent.Tests.TestKit.Time;

namespace Spiffe.Agent.Tests.Fuzz.Revocation;

/// <summary>What holds for revocation whatever is given or done: parsers answer, states keep apart, and no credential that left is alive after its task.</summary>
public sealed class RevocationProperties
{
    private static readonly Config Thousands = Config.QuickThrowOnFailure.WithMaxTest(3000);

    private static readonly Config Hundreds = Config.QuickThrowOnFailure.WithMaxTest(300);

    [Fact]
    public void A_cursor_that_is_read_prints_as_it_was_written() =>
        Prop.ForAll(Mutations.Joined("0123456789abcdef0123456789abcdef", ".", "1", "0", "-", "9223372036854775807", "AB"), text =>
            !RevocationCursor.TryParse(text, out RevocationCursor cursor) || text.Length == 0 || string.Equals(cursor.ToString(), text, StringComparison.Ordinal)).Check(Thousands);

    [Fact]
    public void An_address_that_names_a_list_is_the_only_one_that_does() =>
        Prop.ForAll(Mutations.Joined("/status/", "keys", "12", "0", "/crl", "/", "..", "?time=1", "%31", "+"), text =>
        {
            StatusRoute route = StatusRoute.Of(text);
            return route.Resource != StatusResource.List || string.Equals(text, $"/status/{route.List}", StringComparison.Ordinal);
        }).Check(Thousands);

    [Fact]
    public void States_do_not_touch_each_other() =>
        Prop.ForAll(Arb.From(Gen.ArrayOf(Gen.Zip(Gen.Choose(0, 63), Gen.Choose(0, 3)))), writes =>
        {
            byte[] packed = new byte[16];
            int[] plain = new int[64];
            foreach ((int index, int status) in writes)
            {
                StatusBits.Set(packed, index, status);
                plain[index] = status;
            }

            return Enumerable.Range(0, plain.Length).All(i => StatusBits.Get(packed, i) == plain[i]);
        }).Check(Thousands);

    [Fact]
    public void A_random_walk_finds_nothing_alive_that_should_be_dead_and_no_gap_in_the_feed() =>
        Prop.ForAll(Arb.From(Gen.ArrayOf(Gen.Zip(Gen.Choose(0, 6), Gen.Choose(0, 3)))), steps => Walk(steps)).Check(Hundreds);

    /// <summary>The ledger beside the plainest model of it: a list of what left, with what was ever done to its task.</summary>
    private static bool Walk((int Step, int Task)[] steps)
    {
        ManualTime time = new();
        RevocationLedger ledger = new(new RevocationOptions { StatusListUri = "https://node.example.org/status" }, TimeSpan.FromSeconds(30), time);
        RevocationCursor cursor = ledger.Read(RevocationCursor.Start).Next;
        Dictionary<string, CredentialStatus> read = new(StringComparer.Ordinal);
        List<(CredentialRecord Credential, bool IsDead)> left = [];
        int[] generations = new int[4];
        bool[] open = new bool[4];
        int minted = 0;
        foreach ((int step, int at) in steps)
        {
            string task = $"t{at}";
            switch (step)
            {
                case 0:
                    // A name is never used twice for two lives of a task here either.
                    if (!open[at] && generations[at] == 0) open[at] = ledger.Open(task);
                    break;
                case 1 or 2 or 3:
                    CredentialRecord fresh = new()
                    {
                        Kind = step == 1 ? CredentialKind.X509 : CredentialKind.Jwt,
                        Id = $"c{++minted}",
                        TaskId = task,
                        Generation = generations[at],
                        ExpiresAt = time.GetUtcNow() + TimeSpan.FromSeconds(60 * step),
                        Status = step == 1 ? null : ledger.ReserveStatus(),
                    };
                    LedgerRefusal refusal = ledger.Issued(fresh);
                    if (refusal == LedgerRefusal.None != open[at]) return false;
                    if (refusal == LedgerRefusal.None) left.Add((fresh, false));
                    break;
                case 4:
                    ledger.RevokeTask(task, generations[at], RevocationReason.Suspended);
                    if (!open[at]) break;
                    Kill(c => c.TaskId == task);
                    generations[at]++;
                    break;
                case 5:
                    ledger.EndTasks([task], RevocationReason.Failed);
                    Kill(c => c.TaskId == task && open[at]);
                    if (open[at]) generations[at]++;
                    open[at] = false;
                    break;
                default:
                    time.Pass(TimeSpan.FromSeconds(45));
                    break;
            }

            for (RevocationPage page = ledger.Read(cursor); !page.IsEmpty; page = ledger.Read(cursor))
            {
                if (page.IsReset) return false;
                foreach (RevokedCredential dead in page.Events.SelectMany(e => e.Credentials)) read[dead.Credential.Id] = dead.Status;
                cursor = page.Next;
            }

            if (!Agrees()) return false;
        }

        return true;

        void Kill(Func<CredentialRecord, bool> which)
        {
            for (int i = 0; i < left.Count; i++)
            {
                if (which(left[i].Credential)) left[i] = (left[i].Credential, true);
            }
        }

        bool Agrees() => left.TrueForAll(l =>
        {
            CredentialStatus status = ledger.StatusOf(l.Credential.Kind, l.Credential.Id);
            bool isOver = time.GetUtcNow() >= l.Credential.ExpiresAt + TimeSpan.FromSeconds(30);
            if (status == CredentialStatus.Unknown) return isOver;
            return l.IsDead == (status != CredentialStatus.Valid) && l.IsDead == read.ContainsKey(l.Credential.Id) && (!l.IsDead || read[l.Credential.Id] == status);
        });
    }
}
