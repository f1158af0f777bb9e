using System.CommandLine;
using Spiffe.Agent.Cli.Connection;
using Spiffe.Agent.Cli.Options;
using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Cli.Fetch;

/// <summary><c>fetch bundle</c>: what this process may trust.</summary>
internal static class FetchBundle
{
    public static Command Create(Terminal terminal)
    {
        Command command = new("bundle", "Fetch trust bundles: json is a SPIFFE bundle map of JWK sets, pem the X.509 authorities of one trust domain.");
        WorkloadOptions options = WorkloadOptions.AddTo(command, OutputOption.WithPem());
        Option<TrustDomain?> trustDomain = TrustDomainOption.Create();
        Option<bool> watch = FetchCommand.WatchOption();
        command.Add(trustDomain);
        command.Add(watch);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            Endpoint endpoint = options.Endpoint(parsed, terminal);
            using WorkloadClient client = new(endpoint.Address);
            bool follows = parsed.GetValue(watch);
            void Show(BundleUpdate update)
            {
                IReadOnlyList<TrustDomainBundle> bundles = Only(parsed.GetValue(trustDomain), TrustDomainBundle.ReadAll(update, endpoint.Address), endpoint.Address);
                terminal.Out.Write(options.Output(parsed) switch
                {
                    OutputFormat.Json => BundleJson.Write(bundles, follows),
                    OutputFormat.Pem => X509Pem.Certificates(TheOne(bundles).X509.Authorities),
                    _ => BundleText.Write(bundles, terminal.Time.GetUtcNow(), terminal.IsStyled),
                });
                terminal.Out.Flush();
            }

            if (follows) await endpoint.FollowAsync(token => BundleFeed.OpenAsync(client, token), Show, cancellationToken);
            else Show(await endpoint.FirstAsync(token => BundleFeed.OpenAsync(client, token), cancellationToken));
            return ExitCodes.Done;
        });
        return command;
    }

    private static IReadOnlyList<TrustDomainBundle> Only(TrustDomain? domain, IReadOnlyList<TrustDomainBundle> bundles, EndpointAddress address)
    {
        if (domain is null) return bundles;
        TrustDomainBundle[] wanted = [.. bundles.Where(b => b.TrustDomain == domain.Name)];
        return wanted.Length > 0 ? wanted : throw new FaultException(new Fault(
            ExitCodes.PermissionDenied,
            $"{address.Option.Purpose}: this process gets no bundle of that trust domain",
            domain.Name,
            $"it gets {string.Join(", ", bundles.Select(b => b.TrustDomain))}"));
    }

    // A PEM file does not say whose authorities it holds, and those of two trust domains must not be merged (Federation §4.2).
    private static TrustDomainBundle TheOne(IReadOnlyList<TrustDomainBundle> bundles) => bundles.Count == 1 ? bundles[0] : throw new FaultException(new Fault(
        ExitCodes.Usage,
        "--output pem: one trust domain at a time",
        string.Join(", ", bundles.Select(b => b.TrustDomain)),
        "choose one with --trust-domain"));
}
