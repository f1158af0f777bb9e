using System.Globalization;
using Spiffe.Agent.Attestation.Binding;
using Spiffe.Agent.Attestation.Peer;
using Spiffe.Agent.Tests.TestKit.Requirements;

namespace Spiffe.Agent.Tests.Integration.Attestation.Binding;

/// <summary>What a caller may name as its child. A naive daemon would believe the number: it is alive, and there it would stand.</summary>
public sealed class ChildHoldTests : IDisposable
{
    private const string Nobody = "65534";

    private readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    [RequiresToolFact("perl")]
    public async Task Child_is_held()
    {
        int parent = _scene.Start();
        int child = await _scene.SpawnAsync(parent, "fork");

        using ProcessHold? hold = ProcessHold.TryHoldChild(_scene.Open(parent), child, out PeerRefusal refusal);

        Assert.Equal(PeerRefusal.None, refusal);
        Assert.Equal(child, hold!.Peer.ProcessId);
        Assert.Equal(ProcessIdentity.Of(_scene.Open(child)), hold.Identity);
    }

    [RequiresToolFact("perl")]
    public async Task Grandchild_is_refused()
    {
        int parent = _scene.Start();
        Refused(parent, await _scene.SpawnAsync(parent, "fork twice"), PeerRefusal.NotAChild);
    }

    [RequiresToolFact("perl")]
    public async Task Reparented_child_is_refused()
    {
        int parent = _scene.Start();
        Refused(parent, await _scene.SpawnAsync(parent, "orphan"), PeerRefusal.NotAChild);
    }

    [RequiresToolFact("perl")]
    public void Somebody_elses_process_and_the_caller_itself_are_refused()
    {
        int parent = _scene.Start(), stranger = _scene.Start();
        Refused(parent, stranger, PeerRefusal.NotAChild);
        Refused(parent, parent, PeerRefusal.NotAChild);
    }

    [RequiresToolFact("perl")]
    public async Task Child_that_has_died_is_refused_as_zombie_and_reaped()
    {
        int parent = _scene.Start();
        int child = await _scene.SpawnAsync(parent, "fork");
        using (ProcessHold hold = _scene.Hold(child))
        {
            hold.Kill();
            await hold.Exited.WaitAsync(Scene.Patience);
        }

        Refused(parent, child, PeerRefusal.PeerExited);
        await _scene.AskAsync(parent, "reap");
        Assert.Null(ProcessHold.TryHoldChild(_scene.Open(parent), child, out PeerRefusal refusal));
        Assert.NotEqual(PeerRefusal.None, refusal);
    }

    [RequiresToolFact("perl")]
    public async Task Child_of_a_parent_that_has_died_is_refused()
    {
        int parent = _scene.Start();
        int child = await _scene.SpawnAsync(parent, "fork");
        PeerProcess caller = _scene.Open(parent);
        _scene.Process(parent).Kill();
        await _scene.Process(parent).WaitForExitAsync();

        Assert.Null(ProcessHold.TryHoldChild(caller, child, out PeerRefusal refusal));
        Assert.Equal(PeerRefusal.PeerExited, refusal);
    }

    [RequiresRootFact("perl")]
    public async Task Pid_of_a_dead_child_that_somebody_else_has_got_is_refused()
    {
        int parent = _scene.Start(), other = _scene.Start();
        int child = await _scene.SpawnAsync(parent, "fork");
        PeerProcess caller = _scene.Open(parent), before = _scene.Open(child);
        ProcessIdentity first = ProcessIdentity.Of(before);
        using (ProcessHold? hold = ProcessHold.TryHoldChild(caller, child, out _))
        {
            hold!.Kill();
            await hold.Exited.WaitAsync(Scene.Patience);
        }

        await _scene.AskAsync(parent, "reap");
        Assert.Equal(child, await _scene.SpawnAsync(other, $"fork at {child}"));

        Assert.True(Directory.Exists($"/proc/{child}")); // Alive to who goes by the number.
        Refused(parent, child, PeerRefusal.NotAChild);
        using ProcessHold? others = ProcessHold.TryHoldChild(_scene.Open(other), child, out _);
        Assert.NotEqual(first, others!.Identity);
        Assert.Null(ProcessHold.TryHold(before, out PeerRefusal refusal));
        Assert.Equal(PeerRefusal.PeerExited, refusal);
    }

    [RequiresRootFact("perl", "unshare")]
    public async Task Caller_in_a_pid_namespace_of_its_own_names_its_child_by_the_number_it_knows()
    {
        int outside = _scene.Run("unshare", "--fork", "--pid", "--kill-child", "perl", "-e", Scene.Actor);
        await Scene.UntilAsync(() => Children(outside).Length == 1);
        int parent = Children(outside)[0];
        int child = int.Parse(await _scene.AskAsync(outside, "fork"), CultureInfo.InvariantCulture);
        PeerProcess caller = _scene.Open(parent);
        Assert.DoesNotContain(child, Children(parent)); // Another process has this number here, or none.

        using ProcessHold? hold = ProcessHold.TryHoldChild(caller, child, out PeerRefusal refusal);

        Assert.Equal(PeerRefusal.None, refusal);
        Assert.Equal(Assert.Single(Children(parent)), hold!.Peer.ProcessId);
        Refused(parent, 1, PeerRefusal.NotAChild); // Itself, to whom it means.
        Refused(parent, hold.Peer.ProcessId, PeerRefusal.NotAChild); // A number that it cannot know.
        Refused(parent, Environment.ProcessId, PeerRefusal.NotAChild);

        static int[] Children(int pid) => [.. File.ReadAllText($"/proc/{pid}/task/{pid}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(c => int.Parse(c, CultureInfo.InvariantCulture))];
    }

    [RequiresRootFact("perl")]
    public async Task Root_may_name_a_child_of_any_user_and_others_only_their_own()
    {
        int parent = _scene.Start();
        int child = await _scene.SpawnAsync(parent, $"fork as {Nobody}");
        using (ProcessHold? hold = ProcessHold.TryHoldChild(_scene.Open(parent), child, out PeerRefusal refusal))
        {
            Assert.Equal(PeerRefusal.None, refusal);
            Assert.Equal(65534u, hold!.Peer.UserId);
        }

        int user = _scene.Start();
        int roots = await _scene.SpawnAsync(user, "fork"); // As a setuid program would be: its child runs as root.
        Assert.Equal("done", await _scene.AskAsync(user, $"become {Nobody}"));
        Refused(user, roots, PeerRefusal.ChildOfAnotherUser);
        int own = await _scene.SpawnAsync(user, "fork");
        using ProcessHold? mine = ProcessHold.TryHoldChild(_scene.Open(user), own, out _);
        Assert.NotNull(mine);
    }

    [RequiresRootFact("perl")]
    public async Task Parent_that_has_changed_its_ids_names_no_child()
    {
        int parent = _scene.Start();
        int child = await _scene.SpawnAsync(parent, "fork");
        PeerProcess caller = _scene.Open(parent);
        await _scene.AskAsync(parent, $"become {Nobody}");

        Assert.Null(ProcessHold.TryHoldChild(caller, child, out PeerRefusal refusal));
        Assert.Equal(PeerRefusal.CredentialsChanged, refusal);
    }

    [RequiresToolTheory("perl")]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public void Number_of_no_process_is_refused(int pid) => Refused(_scene.Start(), pid, PeerRefusal.PidNotVisible);

    private void Refused(int parent, int child, PeerRefusal reason)
    {
        Assert.Null(ProcessHold.TryHoldChild(_scene.Open(parent), child, out PeerRefusal refusal));
        Assert.Equal(reason, refusal);
    }
}
