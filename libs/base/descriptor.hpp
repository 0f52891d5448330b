// Descriptor: an open file of the operating system, closed when it goes.
#pragma once

#include <unistd.h>

namespace orderflow {

class Descriptor {
  public:
    // Takes what open() gave, failures too.
    explicit Descriptor(int fd) noexcept : fd_(fd) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (valid()) ::close(fd_);
    }
    int get() const noexcept { return fd_; }
    bool valid() const noexcept { return fd_ >= 0; }

  private:
    int fd_;
};

}  // namespace orderflow
