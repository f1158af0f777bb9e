using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using Spiffe.Agent.Endpoints.WorkloadApi;
using Spiffe.Agent.Identity.Jwt;
using Spiffe.Agent.Identity.X509;
using Spiffe.Agent.Issuance.Revocation;
using Spiffe.Agent.Protocols.Workload;
using Spiffe.Agent.Rpc;
using Spiffe.Agent.Rpc.Client;
using Xunit.Abstractions;

namespace Spiffe.Agent.Tests.Integration.Endpoints.Revocation;

/// <summary>How long each channel needs from the revocation of a task until it refuses. The figures are printed; what must hold is the order: no channel says
/// "dead" before the ledger does, and none says "alive" afterwards to whoever asks.</summary>
public sealed class TimeToRefusalTests(ITestOutputHelper output)
{
    private const int Rounds = 200;
    private const int StreamRounds = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Every_channel_refuses_at_the_first_question_after_a_revocation()
    {
        await using RevocationHost host = await RevocationHost.StartAsync();
        using HttpClient http = new() { BaseAddress = host.Address };
        using RpcChannel channel = host.Connect();
        Method<ValidateJWTSVIDRequest, ValidateJWTSVIDResponse> validate = new(MethodType.Unary, WorkloadApiService.Name, "ValidateJWTSVID", ValidateJWTSVIDResponse.Parser);
        List<TimeSpan> ledger = [], inProcess = [], wire = [], feed = [], status = [];
        for (int round = 0; round < Rounds; round++)
        {
            (string task, JwtSvid token, StatusIndex place, _) = host.StartTask();
            ValidateJWTSVIDRequest question = new() { Audience = RevocationHost.Audience, Svid = token.Token };
            Assert.NotEmpty((await channel.UnaryAsync(validate, question, host.Options)).SpiffeId);
            string before = await http.GetStringAsync(new Uri($"/status/{place.List}", UriKind.Relative));
            RevocationCursor cursor = host.Ledger.Read(new RevocationCursor(host.Ledger.Epoch, host.Ledger.LastSequence)).Next;
            Task<long> reader = ReadFeedAsync(host.Ledger, cursor, token.TokenId!);

            long start = Stopwatch.GetTimestamp();
            host.Ledger.EndTasks([task], RevocationReason.Failed);
            Assert.Equal(CredentialStatus.Revoked, host.Ledger.StatusOf(CredentialKind.Jwt, token.TokenId!));
            ledger.Add(Stopwatch.GetElapsedTime(start));
            Assert.Equal("revoked", host.Service.ValidateJwt(token.Token, RevocationHost.Audience).Broken);
            inProcess.Add(Stopwatch.GetElapsedTime(start));
            RpcException refused = await Assert.ThrowsAsync<RpcException>(() => channel.UnaryAsync(validate, question, host.Options));
            wire.Add(Stopwatch.GetElapsedTime(start));
            Assert.Equal((StatusCode.InvalidArgument, "svid is not valid: revoked"), (refused.StatusCode, refused.Status.Detail));
            feed.Add(Stopwatch.GetElapsedTime(start, await reader.WaitAsync(Patience)));
            long asked = Stopwatch.GetTimestamp();
            Assert.NotEqual(before, await http.GetStringAsync(new Uri($"/status/{place.List}", UriKind.Relative)));
            status.Add(Stopwatch.GetElapsedTime(asked));
        }

        Print("ledger (StatusOf)", ledger);
        Print("ValidateJwt, in process", inProcess);
        Print("ValidateJWTSVID over the socket", wire);
        Print("feed (WatchRevocations)", feed);
        Print("status list, GET after the change", status);
    }

    [Fact]
    public async Task An_open_stream_gets_the_list_without_asking()
    {
        await using RevocationHost host = await RevocationHost.StartAsync();
        using RpcChannel channel = host.Connect();
        Method<X509SVIDRequest, X509SVIDResponse> fetch = new(MethodType.ServerStreaming, WorkloadApiService.Name, "FetchX509SVID", X509SVIDResponse.Parser);
        using ClientCall<X509SVIDRequest, X509SVIDResponse> stream = channel.Call(fetch, new X509SVIDRequest(), host.Options);
        using CancellationTokenSource patience = new(Patience);
        Assert.True(await stream.ResponseStream.MoveNext(patience.Token));
        Assert.Empty(stream.ResponseStream.Current.Crl);

        List<TimeSpan> first = [], paced = [];
        for (int round = 0; round < StreamRounds; round++)
        {
            (string task, _, _, X509SvidCertificate certificate) = host.StartTask();
            long start = Stopwatch.GetTimestamp();
            host.Ledger.EndTasks([task], RevocationReason.Failed);
            do
            {
                Assert.True(await stream.ResponseStream.MoveNext(patience.Token));
            }
            while (!Names(stream.ResponseStream.Current, certificate));
            (round == 0 ? first : paced).Add(Stopwatch.GetElapsedTime(start));
            Assert.Equal(CredentialStatus.Revoked, host.Ledger.StatusOf(CredentialKind.X509, certificate.SerialNumber));
        }

        Print("revocation list in an open X.509 stream", first);
        Print("the same, right after another", paced);
    }

    private static async Task<long> ReadFeedAsync(RevocationLedger ledger, RevocationCursor cursor, string tokenId)
    {
        while (true)
        {
            Task changed = ledger.Changed.Next;
            RevocationPage page = ledger.Read(cursor);
            Assert.False(page.IsReset);
            if (page.Events.SelectMany(e => e.Credentials).Any(c => c.Credential.Id == tokenId))
            {
                long at = Stopwatch.GetTimestamp();
                Assert.Equal(CredentialStatus.Revoked, ledger.StatusOf(CredentialKind.Jwt, tokenId)); // Whoever hears of it finds it so.
                return at;
            }

            cursor = page.Next;
            await changed;
        }
    }

    private static bool Names(X509SVIDResponse response, X509SvidCertificate certificate) => response.Crl.Any(crl =>
        CertificateRevocationListBuilder.Load(crl.ToByteArray(), out _).RemoveEntry(Convert.FromHexString(certificate.SerialNumber)));

    private void Print(string channel, List<TimeSpan> times)
    {
        times.Sort();
        output.WriteLine($"{channel}: p50 {times[times.Count / 2].TotalMilliseconds:0.000} ms, p99 {times[times.Count * 99 / 100].TotalMilliseconds:0.000} ms, max {times[^1].TotalMilliseconds:0.000} ms ({times.Count} rounds)");
    }
}
