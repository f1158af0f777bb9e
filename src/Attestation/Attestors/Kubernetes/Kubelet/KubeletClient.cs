using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;
using Spiffe.Agent.Attestation.Attestors.Kubernetes.Pods;

namespace Spiffe.Agent.Attestation.Attestors.Kubernetes.Kubelet;

/// <summary>Asks the kubelet for its pods. One question at a time; every failure is a <see cref="KubeletException"/> that says where and what helps.</summary>
internal sealed class KubeletClient(KubeletEndpoint endpoint, KubeletOptions options, TimeProvider clock) : IDisposable
{
    private readonly KubeletFiles _files = new(options, endpoint);
    private KubeletConnector? _connector;
    private HttpMessageInvoker? _http;

    /// <summary>The pods of this moment.</summary>
    internal async Task<PodList> ListPodsAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource late = new(options.RequestTimeout, clock);
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            using HttpResponseMessage answer = await Renewed().SendAsync(Question(), end.Token);
            _connector!.CheckAnswered();
            if (answer.StatusCode != HttpStatusCode.OK) throw Failed(Explain(answer.StatusCode));
            await using Stream body = await answer.Content.ReadAsStreamAsync(end.Token);
            return await PodListReader.ReadAsync(body, options.MaxAnswerLength, end.Token);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            throw Failed($"no whole answer within {options.RequestTimeout.TotalSeconds} s");
        }
        catch (HttpRequestException failure) when (failure.InnerException is KubeletException known)
        {
            throw new KubeletException(known.Message, failure);
        }
        catch (HttpRequestException failure)
        {
            throw Failed(Explain(failure));
        }
        catch (JsonException)
        {
            throw Failed("the answer is not a PodList");
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException)
        {
            throw Failed(failure is InvalidDataException ? $"the answer is {failure.Message}" : "the answer ends too early");
        }
    }

    public void Dispose()
    {
        _http?.Dispose();
        _connector?.Dispose();
    }

    private HttpRequestMessage Question()
    {
        HttpRequestMessage question = new(HttpMethod.Get, endpoint.Pods) { Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        question.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        question.Headers.TryAddWithoutValidation("User-Agent", "spiffe-agent");
        if (_files.ReadToken() is { } token) question.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return question;
    }

    /// <summary>The connection that rests on the files as they are now; connections that rested on older ones end.</summary>
    private HttpMessageInvoker Renewed()
    {
        KubeletIdentity identity = _files.ReadIdentity();
        if (_http is not null && identity.Equals(_connector!.Identity)) return _http;
        KubeletConnector connector = new(identity, endpoint, clock);
        Dispose();
        _connector = connector;
        return _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            ConnectCallback = (_, token) => connector.ConnectAsync(token),
            AllowAutoRedirect = false, // The token is for the kubelet alone.
            UseProxy = false,
            UseCookies = false,
            MaxConnectionsPerServer = 1,
            MaxResponseHeadersLength = 16, // KiB
            MaxResponseDrainSize = 0,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5), // A certificate that has expired meanwhile is seen then.
            ActivityHeadersPropagator = null,
        });
    }

    private static string Explain(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized => "401: it does not know us. For tokens it needs --authentication-token-webhook, for certificates --client-ca-file; is the token of this cluster?",
        HttpStatusCode.Forbidden => "403: we may not read its pods. Allow get on nodes/pods (Kubernetes 1.33 on) or nodes/proxy",
        >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest => $"{(int)status}: it points elsewhere, and that is not followed",
        HttpStatusCode.NotFound => "404: is this a kubelet?",
        _ => $"{(int)status}: see the kubelet's log",
    };

    private static string Explain(HttpRequestException failure)
    {
        for (Exception? cause = failure; cause is not null; cause = cause.InnerException)
        {
            if (cause is SocketException socket) return $"cannot be reached: {socket.Message}";
            if (cause is AuthenticationException) return "no TLS with it: is it the kubelet's secure port?";
        }

        return $"it does not answer as a kubelet would ({failure.HttpRequestError})";
    }

    private KubeletException Failed(string what) => new($"{endpoint.Name}: {what}");
}
