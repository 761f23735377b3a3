kernel_limit = float(limit_mib << 20)
