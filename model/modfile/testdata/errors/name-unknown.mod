var flow >= 0;
minimize f: 3*flwo;
