#include "programs/store_location.hpp"

#include <string_view>

#include "libs/postgres/connection.hpp"

namespace orderflow {

std::string StoreLocation::description() const {
    if (!is_postgres()) return std::filesystem::absolute(file).string();
    return postgres::url_without_secrets(url).value_or("PostgreSQL");
}

StoreLocation read_store_location(SettingsReader& settings, const std::filesystem::path& data_dir) {
    StoreLocation location;
    const auto url = settings.optional_text("DATABASE_URL");
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
        return location;
    }
    settings.refuse(
        "DATABASE_URL",
        "expected sqlite:<path>, e.g. sqlite:/var/lib/orderflow/orders.db, or a URL as libpq takes it, e.g. "
        "postgresql://orderflow@db.example.com/orderflow?sslmode=verify-full");
    return location;
}

std::string store_location_help() {
    return "  DATABASE_URL             order store: sqlite:<path> or postgresql://...  [<data dir>/orders.db]\n";
}

}  // namespace orderflow
