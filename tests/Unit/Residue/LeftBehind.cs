using System.Diagnostics;
using Spiffe.Agent.Residue;
using Spiffe.Agent.Residue.Places;
using Spiffe.Agent.Residue.Reports;

namespace Spiffe.Agent.Tests.Unit.Residue;

/// <summary>A place where a task worked, real processes that leave things there, and a scanner that looks behind them.</summary>
internal sealed class LeftBehind : IDisposable
{
    private readonly List<Process> _children = [];

    public LeftBehind()
    {
        Tools = Directory.CreateDirectory(Path.Combine(Root, "..", Path.GetFileName(Root) + "-tools")).FullName;
        Scanner = new ResidueScanner(Prints, TimeProvider.System, new ToolSet(Tools, "/usr/bin", "/bin"), () => CorePatternText, Dumps);
    }

    public Fingerprinter Prints { get; } = new();

    public Credential Credential { get; } = Credential.New();

    public string Root { get; } = Directory.CreateTempSubdirectory("residue-").FullName;

    /// <summary>Programs here come before those of the machine.</summary>
    public string Tools { get; }

    public string Dumps => Path.Combine(Tools, "dumps");

    public string CorePatternText { get; set; } = "";

    public ResidueScanner Scanner { get; }

    public ResiduePlan Plan => new() { Paths = [Root], Environments = Survivors.None, Within = TimeSpan.FromMinutes(2) };

    public ResidueSubject Subject { get; } = new() { Since = DateTimeOffset.UnixEpoch };

    public string File(string name) => Path.Combine(Root, name);

    public ResidueReport Look(ResiduePlan? plan = null, ResidueSubject? subject = null, CancellationToken stop = default) => Scanner.Look(plan ?? Plan, subject ?? Subject, Credential.Prints(Prints), stop);

    /// <summary>A child writes this into a file.</summary>
    public void Write(string name, byte[] content)
    {
        using Process child = Start("/bin/sh", ["-c", "cat > \"$0\"", File(name)], new Dictionary<string, string>());
        child.StandardInput.BaseStream.Write(content);
        child.StandardInput.Close();
        child.WaitForExit();
        _children.Remove(child);
    }

    /// <summary>A child that goes on.</summary>
    public Process Start(string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        Process child = Process.Start(start)!;
        _children.Add(child);
        return child;
    }

    /// <summary>A program of ours in the place of the machine's.</summary>
    public void Tool(string name, string script)
    {
        string path = Path.Combine(Tools, name);
        System.IO.File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        System.IO.File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    public void Dispose()
    {
        foreach (Process child in _children)
        {
            child.Kill();
            child.WaitForExit();
            child.Dispose();
        }

        Directory.Delete(Root, recursive: true);
        Directory.Delete(Tools, recursive: true);
        Credential.Dispose();
        Prints.Dispose();
    }
}
