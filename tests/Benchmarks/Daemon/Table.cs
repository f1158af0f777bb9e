namespace Spiffe.Agent.Tests.Benchmarks.Daemon;

/// <summary>Prints figures under each other.</summary>
internal static class Table
{
    public static void Head() =>
        Console.WriteLine($"{"",-44} {"best",9} {"median",9} {"floor",9} {"ratio",6} {"aim",6}   {"server CPU",10} {"floor CPU",10} {"ratio",6}   (us per call)");

    /// <summary>A thing beside its floor. The ratio is of the best rounds: what it costs when nobody disturbs.</summary>
    public static void Row(string name, Contest.Result measured, Contest.Result floor, double aim)
    {
        double ratio = measured.Best / floor.Best;
        Console.WriteLine(
            $"{name,-44} {measured.Best,9:F1} {measured.Median,9:F1} {floor.Best,9:F1} {ratio,6:F2} {(aim > 0 ? $"{aim:F1}" : ""),6}   {measured.Processor,10:F1} {floor.Processor,10:F1} {measured.Processor / floor.Processor,6:F2}{Verdict(ratio, aim)}");
    }

    /// <summary>A figure beside its aim.</summary>
    public static void Figure(string name, double value, string unit, double aim = 0) =>
        Console.WriteLine($"{name,-44} {value,9:F1} {unit,-24} {(aim > 0 ? $"aim {aim:F0}" : "")}{Verdict(value, aim)}");

    private static string Verdict(double value, double aim) => aim > 0 && value > aim ? "   MISSED" : "";
}
