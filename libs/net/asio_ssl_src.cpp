// The compiled half of Boost.Asio's TLS (BOOST_ASIO_SEPARATE_COMPILATION), once for the programs that use it.
#include <boost/asio/ssl/impl/src.hpp>
