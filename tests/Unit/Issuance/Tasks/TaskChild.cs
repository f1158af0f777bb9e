using System.Diagnostics;
using System.Globalization;
using Spiffe.Agent.Issuance.Admission;

namespace Spiffe.Agent.Tests.Unit.Issuance.Tasks;

/// <summary>A real child of this process that does nothing, or becomes another program when it is told to.</summary>
internal sealed class TaskChild : IDisposable
{
    private readonly Process _process;
    private readonly List<(int Id, Caller Caller)> _children = [];

    private TaskChild(params string[] command)
    {
        ProcessStartInfo start = new(command[0]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (string argument in command.Skip(1)) start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
        Caller = Caller.Open(_process.Id, IssuanceBench.UserId, IssuanceBench.GroupId, null);
    }

    public int Id => _process.Id;

    /// <summary>The child as the kernel names it when it calls.</summary>
    public Caller Caller { get; }

    /// <summary>Sleeps until it is killed.</summary>
    public static TaskChild Sleep() => new("sleep", "600");

    /// <summary>A shell that does each line that it is told, and says <c>ready</c> first.</summary>
    public static TaskChild Shell()
    {
        TaskChild child = new("sh", "-c", "echo ready; while read -r line; do eval \"$line\"; done");
        Assert.Equal("ready", child._process.StandardOutput.ReadLine());
        return child;
    }

    /// <summary>For a shell: does this, such as <c>exec sleep 600</c> or <c>exit 3</c>.</summary>
    public void Do(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
    }

    /// <summary>The next line that it says.</summary>
    public string? Hear() => _process.StandardOutput.ReadLine();

    /// <summary>For a shell: a child of it, as a caller, that does this.</summary>
    public Caller Fork(string command = "sleep 600")
    {
        Do($"{command} >/dev/null 2>&1 & echo $!");
        int id = int.Parse(_process.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture);
        Caller caller = Caller.Open(id, IssuanceBench.UserId, IssuanceBench.GroupId, null);
        _children.Add((id, caller));
        return caller;
    }

    /// <summary>Whether it runs this program now.</summary>
    public bool Runs(string program) => File.Exists($"/proc/{Id}/comm") && File.ReadAllText($"/proc/{Id}/comm").Trim() == program;

    public void Kill() => _process.Kill();

    /// <summary>Whether it was stopped by a signal.</summary>
    public bool IsStopped => File.ReadAllText($"/proc/{Id}/stat").Split(") ")[^1].StartsWith('T');

    public void Dispose()
    {
        foreach ((int id, Caller caller) in _children)
        {
            // While the shell has not been waited for, the number is still its child's, or of nobody.
            if (caller.Peer?.IsAlive == true) Process.GetProcessById(id).Kill();
            caller.Dispose();
        }

        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        Caller.Dispose();
    }
}
