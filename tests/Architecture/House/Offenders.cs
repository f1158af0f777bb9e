namespace Spiffe.Agent.Tests.Architecture.House;

/// <summary>What breaks a rule, named in the failure.</summary>
internal static class Offenders
{
    public static void None(IEnumerable<string> offenders)
    {
        string[] found = [.. offenders];
        Assert.True(found.Length == 0, $"breaks the rule: {string.Join(", ", found)}");
    }
}
