using HighAvail.Hosting.ApplicationModel;
using HighAvail.Hosting.Resources;
using Microsoft.Extensions.Configuration;

namespace HighAvail.Hosting;

/// <summary>Adds connection strings of what the app host does not run itself.</summary>
public static class ConnectionStringBuilderExtensions
{
    /// <summary>Adds a connection string that configuration must give under <c>ConnectionStrings:{name}</c>.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The connection string's name.</param>
    /// <param name="environmentVariableName">The variable that carries it to those that refer to it; <c>ConnectionStrings__{name}</c> unless given.</param>
    /// <returns>The connection string.</returns>
    public static IResourceBuilder<IResourceWithConnectionString> AddConnectionString(
        this IDistributedApplicationBuilder builder, string name, string? environmentVariableName = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(name);
        return builder.AddParameter(new ConnectionStringParameterResource(
            name,
            _ => builder.Configuration.GetConnectionString(name) ?? throw new MissingParameterValueException(
                $"Connection string parameter resource could not be used because connection string '{name}' is missing."),
            environmentVariableName));
    }

    /// <summary>Adds a connection string made of other values. It is there once every resource that it is made of has started.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The connection string's name.</param>
    /// <param name="connectionStringExpression">What it is made of.</param>
    /// <returns>The connection string.</returns>
    public static IResourceBuilder<ConnectionStringResource> AddConnectionString(
        this IDistributedApplicationBuilder builder, string name, ReferenceExpression connectionStringExpression)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(connectionStringExpression);

        var added = builder.AddResource(new ConnectionStringResource(name, connectionStringExpression));

        // Those at the top wait for their own parts themselves.
        var parts = connectionStringExpression.ValueProviders.SelectMany(v => v is IResource ? [v] : (v as IValueWithReferences)?.References ?? []);
        foreach (var part in parts.OfType<IResource>().Where(p => p is not IResourceWithoutLifetime).Distinct())
        {
            added.WaitForStart(builder.CreateResourceBuilder(part));
        }

        return added.WithReferenceRelationship(connectionStringExpression)
            .WithInitialState(new()
            {
                ResourceType = KnownResourceTypes.ConnectionString,
                State = KnownResourceStates.NotStarted,
                Properties = [],
            })
            .OnInitializeResource(ResolveAsync);
    }

    /// <summary>Adds a connection string made of other values. It is there once every resource that it is made of has started.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The connection string's name.</param>
    /// <param name="connectionStringBuilder">Puts it together.</param>
    /// <returns>The connection string.</returns>
    public static IResourceBuilder<ConnectionStringResource> AddConnectionString(
        this IDistributedApplicationBuilder builder, string name, Action<ReferenceExpressionBuilder> connectionStringBuilder)
    {
        ArgumentNullException.ThrowIfNull(connectionStringBuilder);
        var expression = new ReferenceExpressionBuilder();
        connectionStringBuilder(expression);
        return builder.AddConnectionString(name, expression.Build());
    }

    private static async Task ResolveAsync(ConnectionStringResource resource, InitializeResourceEvent initialize, CancellationToken cancellationToken)
    {
        try
        {
            // The waits of the resource happen in here.
            await initialize.Eventing.PublishAsync(new BeforeResourceStartedEvent(resource, initialize.Services), cancellationToken).ConfigureAwait(false);
            await initialize.Notifications.PublishUpdateAsync(resource, s => s with { State = KnownResourceStates.Running }).ConfigureAwait(false);
            await initialize.Eventing.PublishAsync(new ConnectionStringAvailableEvent(resource, initialize.Services), cancellationToken).ConfigureAwait(false);
        }
        catch (DistributedApplicationException exception)
        {
            ResourceLog.ConnectionStringFailed(initialize.Logger, resource.Name, exception);
            await initialize.Notifications.PublishUpdateAsync(resource, s => s with
            {
                State = new(KnownResourceStates.FailedToStart, KnownResourceStateStyles.Error),
            }).ConfigureAwait(false);
        }
    }
}
