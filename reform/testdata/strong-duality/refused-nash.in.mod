lower a nash; var y >= 0;
minimize fa: y;
upper; minimize F: 0;
