// InMemoryInstances: the rows of instances on plain containers, for tests. Nothing is durable.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "libs/instances/instance_store.hpp"

namespace orderflow::storage {

// Every call is done when it returns, on the caller's thread; any thread.
class InMemoryInstances final : public instances::InstanceStore, public instances::InstanceReader {
  public:
    task<Result<void>> keep(instances::InstanceRow row) override;
    task<Result<void>> tidy(WallTime now) override;
    task<Result<std::vector<instances::InstanceRow>>> newest_rows(WallTime since) override;
    task<Result<std::vector<instances::InstanceRow>>> rows(WallTime after, WallTime until) override;

  private:
    using Key = std::pair<WallTime, std::string>;

    std::mutex mutex_;  // guards all below
    std::map<Key, instances::InstanceRow> rows_;
    std::map<std::string, instances::InstanceRow> newest_;  // by id
};

}  // namespace orderflow::storage
