kernel_limit = limit_mib
