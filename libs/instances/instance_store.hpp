// InstanceStore and InstanceReader: the rows of all programs that share an order store. The worker is the only writer.
#pragma once

#include <cstddef>
#include <vector>

#include "libs/async/task.hpp"
#include "libs/base/result.hpp"
#include "libs/instances/instance_row.hpp"

namespace orderflow::instances {

// Instances that are told of at once; of more, those that were silent longest are left out.
inline constexpr std::size_t instances_max = 200;
// Rows of one read; of more, the latest are left out.
inline constexpr std::size_t rows_max = 20'000;

// Errors of both: as OrderStore::apply() and OrderReader. Any executor.
class InstanceStore {
  public:
    virtual ~InstanceStore() = default;

    // The same row (id and `until`) counts once, however often it is kept. Committed when it returns; nobody depends on
    // its being on disk.
    virtual task<Result<void>> keep(InstanceRow row) = 0;

    // Makes minutes of what is older than an hour (thinned()) and removes what is older than a day; a part of it at a
    // time, so that nobody waits long. To be called about once a minute; several may do so at once.
    virtual task<Result<void>> tidy(WallTime now) = 0;
};

class InstanceReader {
  public:
    virtual ~InstanceReader() = default;

    // The last row of each instance that reported after `since`; the latest first, instances_max at most.
    virtual task<Result<std::vector<InstanceRow>>> newest_rows(WallTime since) = 0;

    // Rows that end after `after` and not after `until`, in the order of their ends; rows_max at most.
    virtual task<Result<std::vector<InstanceRow>>> rows(WallTime after, WallTime until) = 0;
};

}  // namespace orderflow::instances
