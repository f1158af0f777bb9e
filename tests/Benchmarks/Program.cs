using Spiffe.Agent.Tests.Benchmarks.Minting;

// dotnet run -c Release --project tests/Benchmarks -- [section …]; without a section, all of them.
(string Name, Action Run)[] sections = [("minting", MintingSection.Run), ("validation", ValidationSection.Run)];
foreach ((string name, Action run) in sections)
{
    if (args.Length > 0 && !args.Contains(name, StringComparer.Ordinal)) continue;
    Console.WriteLine($"== {name}");
    run();
}
