namespace Spiffe.Agent.Audit.Store;

/// <summary>A log cannot be opened. Nothing of it was changed.</summary>
/// <param name="place">Which file or setting.</param>
/// <param name="fault">What is wrong with it, with its value.</param>
/// <param name="remedy">What a person can do about it.</param>
/// <param name="inner">What the kernel said, if it was the kernel.</param>
public sealed class AuditStoreException(string place, string fault, string remedy, Exception? inner = null) : Exception($"{place}: {fault}; {remedy}", inner)
{
    public string Place { get; } = place;

    public string Fault { get; } = fault;

    public string Remedy { get; } = remedy;
}
