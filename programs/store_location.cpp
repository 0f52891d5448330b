#include "programs/store_location.hpp"

#include <memory>
#include <string_view>
#include <utility>

#include "programs/database_tokens.hpp"

namespace orderflow {
namespace {

constexpr std::string_view auth = "ORDERFLOW_DATABASE_AUTH";

std::function<Result<std::string>()> read_token_source(SettingsReader& settings, const Environment& environment,
                                                       const std::string& url) {
    auto region = settings.optional_text("AWS_REGION");
    if (!region) region = settings.optional_text("AWS_DEFAULT_REGION");
    const auto login = postgres::login_of(url);
    if (!region) settings.refuse(auth, "with iam, AWS_REGION says where the database is");
    if (!login) settings.refuse("DATABASE_URL", "with ORDERFLOW_DATABASE_AUTH=iam: " + login.error().detail());
    // Whoever sees a token can sign in with it.
    if (login && login->sslmode != "verify-full") {
        settings.refuse("DATABASE_URL", "with ORDERFLOW_DATABASE_AUTH=iam it needs sslmode=verify-full");
    }
    if (!region || !login) return {};
    auto tokens = std::make_shared<DatabaseTokens>(
        aws::DatabaseLogin{.host = login->host, .port = login->port, .user = login->user, .region = *region},
        environment);
    return [tokens = std::move(tokens)] { return tokens->get(); };
}

}  // namespace

postgres::ConnectOptions StoreLocation::connect_options() const {
    postgres::ConnectOptions options;
    options.url = url;
    options.password = password;
    return options;
}

std::string StoreLocation::description() const {
    if (!is_postgres()) return std::filesystem::absolute(file).string();
    return postgres::url_without_secrets(url).value_or("PostgreSQL");
}

StoreLocation read_store_location(SettingsReader& settings, const Environment& environment,
                                  const std::filesystem::path& data_dir) {
    StoreLocation location;
    const auto url = settings.optional_text("DATABASE_URL");
    const auto how = settings.text(auth, "password");
    if (how != "password" && how != "iam") settings.refuse(auth, "expected password or iam");
    const bool by_iam = how == "iam";
    if (by_iam && (!url || !url->starts_with("postgres"))) settings.refuse(auth, "iam is for PostgreSQL alone");
    if (!url) {
        location.file = data_dir / "orders.db";
        return location;
    }
    constexpr std::string_view sqlite = "sqlite:";
    if (url->starts_with(sqlite) && url->size() > sqlite.size()) {
        location.file = url->substr(sqlite.size());
        return location;
    }
    const bool is_postgres = url->starts_with("postgresql://") || url->starts_with("postgres://");
    if (is_postgres && postgres::url_without_secrets(*url)) {
        location.url = *url;
        if (by_iam) location.password = read_token_source(settings, environment, *url);
        return location;
    }
    settings.refuse(
        "DATABASE_URL",
        "expected sqlite:<path>, e.g. sqlite:/var/lib/orderflow/orders.db, or a URL as libpq takes it, e.g. "
        "postgresql://orderflow@db.example.com/orderflow?sslmode=verify-full");
    return location;
}

std::string store_location_help() {
    return "  DATABASE_URL             order store: sqlite:<path> or postgresql://...  [<data dir>/orders.db]\n"
           "  ORDERFLOW_DATABASE_AUTH  password, or iam: tokens for Amazon RDS or Aurora  [password]\n";
}

}  // namespace orderflow
