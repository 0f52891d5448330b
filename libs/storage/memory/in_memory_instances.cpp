#include "libs/storage/memory/in_memory_instances.hpp"

#include <algorithm>

#include "libs/instances/retention.hpp"

namespace orderflow::storage {

using instances::InstanceRow;

task<Result<void>> InMemoryInstances::keep(InstanceRow row) {
    const std::lock_guard lock(mutex_);
    auto& newest = newest_[row.id];
    if (newest.id.empty() || newest.until < row.until) newest = row;
    const Key key(row.until, row.id);
    rows_.try_emplace(key, std::move(row));
    co_return Result<void>();
}

task<Result<void>> InMemoryInstances::tidy(WallTime now) {
    const std::lock_guard lock(mutex_);
    std::vector<InstanceRow> old;
    const auto end = rows_.lower_bound(Key(instances::fine_since(now), {}));
    for (auto row = rows_.begin(); row != end; ++row) old.push_back(std::move(row->second));
    rows_.erase(rows_.begin(), end);
    for (auto& row : instances::thinned(std::move(old))) {
        if (row.until > instances::kept_since(now)) rows_.emplace(Key(row.until, row.id), std::move(row));
    }
    std::erase_if(newest_, [&](const auto& entry) { return entry.second.until <= instances::kept_since(now); });
    co_return Result<void>();
}

task<Result<std::vector<InstanceRow>>> InMemoryInstances::newest_rows(WallTime since) {
    const std::lock_guard lock(mutex_);
    std::vector<InstanceRow> found;
    for (const auto& [id, row] : newest_) {
        if (row.until > since) found.push_back(row);
    }
    std::ranges::sort(found,
                      [](const auto& a, const auto& b) { return std::pair(b.until, b.id) < std::pair(a.until, a.id); });
    if (found.size() > instances::instances_max) found.resize(instances::instances_max);
    co_return found;
}

task<Result<std::vector<InstanceRow>>> InMemoryInstances::rows(WallTime after, WallTime until) {
    const std::lock_guard lock(mutex_);
    std::vector<InstanceRow> found;
    for (const auto& [key, row] : rows_) {
        if (key.first > after && key.first <= until && found.size() < instances::rows_max) found.push_back(row);
    }
    co_return found;
}

}  // namespace orderflow::storage
