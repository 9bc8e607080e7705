# Two images: the gateway (the default target), and the local function host, which the demo of docker-compose.yml runs its functions in.
#
#   docker build -t gateway .
#   docker build -t gateway-functions --target functions .

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source

# What restore reads, by itself: a change of code then keeps this layer.
COPY global.json Directory.Build.props Directory.Packages.props ./
COPY src/Backends/Backends.csproj src/Backends/packages.lock.json src/Backends/
COPY src/Contracts/Contracts.csproj src/Contracts/packages.lock.json src/Contracts/
COPY src/Gateway/Gateway.csproj src/Gateway/packages.lock.json src/Gateway/
COPY src/LocalFunctions/LocalFunctions.csproj src/LocalFunctions/packages.lock.json src/LocalFunctions/
COPY src/Policies/Policies.csproj src/Policies/packages.lock.json src/Policies/
COPY samples/functions/csharp/SampleFunctions.csproj samples/functions/csharp/packages.lock.json samples/functions/csharp/
RUN dotnet restore src/Gateway --locked-mode

COPY . .
# The image holds no configuration: what is not mounted must not be served by accident.
RUN dotnet publish src/Gateway --configuration Release --no-restore --output /out/gateway -p:UseAppHost=false \
    && dotnet publish src/LocalFunctions --configuration Release --no-restore --output /out/functions -p:UseAppHost=false \
    && rm /out/gateway/appsettings*.json


FROM mcr.microsoft.com/dotnet/aspnet:10.0 AS functions
RUN apt-get update \
    && apt-get install --yes --no-install-recommends nodejs python3 \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /out/functions /app
ENV PYTHONDONTWRITEBYTECODE=1
USER 1654
EXPOSE 9000
ENTRYPOINT ["dotnet", "/app/Gateway.LocalFunctions.dll"]
CMD ["serve", "/functions", "--host", "0.0.0.0", "--port", "9000"]


# Chiselled: no shell, no package manager. Runs with a read-only root; /tmp, for bodies that are held on disk, is to be a tmpfs.
FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled AS gateway
WORKDIR /app
COPY --from=build /out/gateway .
# appsettings.json and the stage's file: mount their folder, not single files, or changes are not seen.
ENV GATEWAY_CONFIG=/etc/gateway \
    ASPNETCORE_HTTP_PORTS=8080 \
    Gateway__Management__Address=0.0.0.0
USER 1654
EXPOSE 8080 8081
# Each probe starts a runtime: not too often. An orchestrator asks /livez and /readyz on port 8081 instead.
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s --retries=3 CMD ["dotnet", "/app/Gateway.dll", "healthcheck"]
ENTRYPOINT ["dotnet", "/app/Gateway.dll"]
