#include "programs/store_check.hpp"

#include "libs/storage/postgres/postgres_order_store.hpp"
#include "libs/storage/sqlite/schema.hpp"

namespace orderflow {

void check_store(StartCheck& found, const StoreLocation& location, const Clock& clock, StartCheck::Absent absent) {
    if (!location.is_postgres()) {
        found.database("store", location.file,
                       {storage::order_store_application_id, storage::order_store_migrations.size()}, absent);
        return;
    }
    const auto name = location.description();
    auto options = location.connect_options();
    const auto is_there = storage::order_store_is_there(options, clock);
    if (!is_there) {
        found.bad("store", name + ": " + is_there.error().code() + ": " + is_there.error().detail());
    } else if (*is_there) {
        found.good("store", name);
    } else if (absent == StartCheck::Absent::made_by_worker) {
        found.bad("store", name + ": is empty; the worker-service fills it: start that first");
    } else {
        found.good("store", name + ": is empty and will be filled");
    }
}

}  // namespace orderflow
