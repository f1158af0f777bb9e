namespace Spiffe.Agent.Tests.Integration.Secrecy;

/// <summary>One system call, as strace saw it.</summary>
/// <param name="Thread">Who made it.</param>
/// <param name="Name">Its name.</param>
/// <param name="Target">What its first argument, a descriptor, leads to: a path, <c>UNIX-STREAM:[inode-&gt;peer,"path"]</c>, <c>pipe:[inode]</c>; empty when it is none.</param>
/// <param name="Texts">Every string and buffer that went in, a character for a byte.</param>
/// <param name="Arguments">The arguments without those texts.</param>
/// <param name="Result">What it returned; -1 for any error, null when it never did.</param>
/// <param name="Made">What the descriptor that it returned leads to; empty when it returned none.</param>
internal sealed record TracedCall(int Thread, string Name, string Target, IReadOnlyList<string> Texts, string Arguments, long? Result, string Made)
{
    /// <summary>All that went in.</summary>
    public string Payload => string.Concat(Texts);

    public override string ToString() => $"{Name}({Target}, {Arguments})";
}
