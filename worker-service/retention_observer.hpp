// RetentionObserver: what retention tells about its work. Called on the worker's loop; must be quick.
#pragma once

#include <cstddef>

#include "libs/base/error.hpp"

namespace orderflow::worker {

class RetentionObserver {
  public:
    virtual ~RetentionObserver() = default;
    // So many orders are in the archive and out of the store.
    virtual void archived(std::size_t orders) = 0;
    // The store or the archive failed; the next round tries again, and nothing is lost.
    virtual void retention_failed(const Error& why) = 0;
};

}  // namespace orderflow::worker
