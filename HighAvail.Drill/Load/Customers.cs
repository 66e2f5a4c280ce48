using System.Net;

namespace HighAvail.Drill.Load;

/// <summary>Registers the people of a run, before anything is measured.</summary>
internal static class Customers
{
    // A password hash takes a core for a tenth of a second: more at once would only wait.
    private const int AtOnce = 4;

    // A system that cannot register anybody for so long is not one to measure.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(250);

    /// <exception cref="DrillException">Nobody can be registered.</exception>
    internal static async Task<IReadOnlyList<Customer>> RegisterAsync(
        ShopClient shop, string run, int count, TimeProvider time, CancellationToken cancellationToken)
    {
        var customers = new Customer[count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, count, options, async (i, token) =>
        {
            var body = new RegisterBody($"drill-{run}-{i}@example.com", $"correct horse {run} {i}", $"Drill {i}");
            var registered = await InsistAsync(() => shop.RegisterAsync(body, $"drill-{run}-register-{i}", token), HttpStatusCode.Created, "A customer cannot be registered", time, token);
            customers[i] = new(registered.Id, body.Email, body.Password);
            await RenewAsync(shop, customers[i], time, token);
        });
        return customers;
    }

    /// <summary>Signs a customer in, however often it takes.</summary>
    /// <exception cref="DrillException">It takes too long.</exception>
    internal static async Task RenewAsync(ShopClient shop, Customer customer, TimeProvider time, CancellationToken cancellationToken)
    {
        var answer = await InsistAsync(() => shop.SignInAsync(new(customer.Email, customer.Password), cancellationToken), HttpStatusCode.OK, "A customer cannot sign in", time, cancellationToken);
        Take(customer, answer, time);
    }

    /// <summary>Signs a customer in with one request.</summary>
    /// <returns>Whether it was answered well.</returns>
    internal static async Task<bool> SignInAsync(ShopClient shop, Customer customer, TimeProvider time, CancellationToken cancellationToken)
    {
        var reply = await shop.SignInAsync(new(customer.Email, customer.Password), cancellationToken);
        if (reply.Body is not { } answer)
        {
            return false;
        }

        Take(customer, answer, time);
        return true;
    }

    private static void Take(Customer customer, TokenAnswer answer, TimeProvider time) =>
        customer.Token = new(answer.AccessToken, time.GetUtcNow() + TimeSpan.FromSeconds(answer.ExpiresIn));

    private static async Task<T> InsistAsync<T>(
        Func<Task<Reply<T>>> ask, HttpStatusCode expected, string complaint, TimeProvider time, CancellationToken cancellationToken)
        where T : class
    {
        var beganAt = time.GetTimestamp();
        while (true)
        {
            var reply = await ask();
            if (reply.Status == expected && reply.Body is { } body)
            {
                return body;
            }

            if (!reply.IsUnknown || time.GetElapsedTime(beganAt) > _patience)
            {
                throw new DrillException($"{complaint}: {(reply.Status is { } status ? $"the system answered {(int)status}" : "the system does not answer")}.");
            }

            await Task.Delay(_pause, time, cancellationToken);
        }
    }
}
